using System.CommandLine;
using System.Text;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Cli;

internal static class UserCommand
{
    public static Command Create() =>
        new("user", "Makes and changes local accounts.") { Add(), Password(), Disable() };

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
            var revoked = await server.GetRequiredService<AccountService>().DisableAsync(account, Actor.Cli, cancellationToken);
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
        });
        return command;
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
