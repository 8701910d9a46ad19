using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using WgHub.Cli.Remote;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Cli;

internal static class UserCommand
{
    public static Command Create() =>
        new("user", "Lists accounts, makes and changes local ones.") { List(), Add(), Set(), Password(), Enable(), Disable() };

    private static Command List()
    {
        var output = new Output();
        var rows = new Verb("list", "Lists accounts, by name.", HttpMethod.Get, "")
        {
            Rows = "users",
            Columns = [new("NAME", "name"), new("ROLE", "role"), new("ENABLED", "enabled"), new("SIGNS IN", "kind"),
                new("LAST SIGN-IN", "lastSignInAt", "never")],
            More = [new("SECOND FACTOR", "secondFactor"), new("SESSIONS", "sessions"), new("CREATED", "createdAt"), new("ID", "id")],
        };
        var command = new Command(rows.Name, rows.What);
        output.AddTo(command, isList: true);
        command.SetAction(async (parsed, _) =>
        {
            await using var server = OfflineServer.Open(parsed);
            var accounts = server.GetRequiredService<UserList>().List(null, new(1, int.MaxValue)).Rows;
            output.WriteList(parsed, rows, [.. accounts.Select(account => new JsonObject
            {
                ["id"] = account.User.Id,
                ["name"] = account.User.Name,
                ["role"] = account.User.Role,
                ["enabled"] = account.User.Enabled,
                ["kind"] = account.Kind,
                ["secondFactor"] = account.SecondFactor,
                ["sessions"] = account.Sessions,
                ["createdAt"] = Output.Text(account.CreatedAt),
                ["lastSignInAt"] = Output.Text(account.LastSignInAt),
            })]);
        });
        return command;
    }

    private static Command Set()
    {
        var name = new Argument<string>("NAME");
        var role = new Option<string>("--role") { Required = true, Description = "admin, operator or viewer.", HelpName = "R" };
        var command = new Command("set", "Gives an account another role; tokens that it made and may make no more are revoked.") { name, role };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var server = OfflineServer.Open(parsed);
            var account = parsed.GetRequiredValue(name);
            TellRevoked(account, await server.GetRequiredService<AccountService>().SetRoleAsync(
                account, parsed.GetRequiredValue(role), Actor.Cli, cancellationToken));
        });
        return command;
    }

    private static Command Enable()
    {
        var name = new Argument<string>("NAME");
        var command = new Command("enable", "Switches an account on again.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var server = OfflineServer.Open(parsed);
            await server.GetRequiredService<AccountService>().EnableAsync(parsed.GetRequiredValue(name), Actor.Cli, cancellationToken);
        });
        return command;
    }

    private static Command Add()
    {
        var name = new Argument<string>("NAME");
        var role = new Option<string>("--role") { Required = true, Description = "admin, operator or viewer.", HelpName = "R" };
        var command = new Command("add", "Makes an account; the password comes from the terminal or standard input.") { name, role };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var server = OfflineServer.OpenOrMake(parsed);
            await server.GetRequiredService<AccountService>().AddAsync(
                parsed.GetRequiredValue(name), parsed.GetRequiredValue(role), ReadPassword(), Actor.Cli, cancellationToken);
        });
        return command;
    }

    private static Command Password()
    {
        var name = new Argument<string>("NAME");
        var command = new Command("passwd", "Sets a new password and ends the account's sessions.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var server = OfflineServer.Open(parsed);
            await server.GetRequiredService<AccountService>().SetPasswordAsync(parsed.GetRequiredValue(name), ReadPassword(), Actor.Cli, cancellationToken);
        });
        return command;
    }

    private static Command Disable()
    {
        var name = new Argument<string>("NAME");
        var command = new Command("disable", "Switches an account off, ends its sessions and revokes the tokens that it made.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var server = OfflineServer.Open(parsed);
            var account = parsed.GetRequiredValue(name);
            TellRevoked(account, await server.GetRequiredService<AccountService>().DisableAsync(account, Actor.Cli, cancellationToken));
        });
        return command;
    }

    private static void TellRevoked(string account, IReadOnlyList<Made> revoked)
    {
        var programs = revoked.Where(one => one.Kind == ApiTokensMadeBy.Kind).Select(one => one.Name).ToList();
        var machines = revoked.Where(one => one.Kind != ApiTokensMadeBy.Kind).Select(one => one.What).ToList();
        if (programs.Count > 0)
        {
            Console.WriteLine($"API tokens that '{account}' had made, revoked with it: {string.Join(", ", programs)}.");
        }

        if (machines.Count > 0)
        {
            Console.WriteLine($"What '{account}' had made to let machines in, revoked with it: {string.Join(", ", machines)}.");
        }
    }

    /// <summary>From the terminal without showing it, else one line of standard input.</summary>
    private static Secret ReadPassword()
    {
        if (Console.IsInputRedirected)
        {
            return new(Console.In.ReadLine() ?? "");
        }

        Console.Error.Write("Password: ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return new(typed.ToString());
    }
}
