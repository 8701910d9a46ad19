using System.CommandLine;
using System.Text.Json.Nodes;
using WgHub.Cli.Remote;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Storage;

namespace WgHub.Cli;

internal static class ApiTokenCommand
{
    public static Command Create() =>
        new("api-token", "Makes, lists and revokes API tokens.") { CreateToken(), List(), Revoke() };

    private static Command CreateToken()
    {
        var name = new Option<string>("--name") { Required = true, Description = "What the token is for.", HelpName = "N" };
        var role = new Option<string>("--role") { Required = true, Description = "admin, operator or viewer.", HelpName = "R" };
        var expires = new Option<string?>("--expires") { Description = "Such as 30d, 12h or 90m; never without it.", HelpName = "TIME" };
        var command = new Command("create", "Makes a token and prints it, this once.") { name, role, expires };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var server = OfflineServer.OpenOrMake(parsed);
            var secret = await server.GetRequiredService<ApiTokenService>().CreateAsync(
                parsed.GetRequiredValue(name), parsed.GetRequiredValue(role), parsed.GetValue(expires), Actor.Cli, cancellationToken);
            Console.WriteLine(secret.Reveal());
        });
        return command;
    }

    private static Command List()
    {
        var output = new Output();
        var rows = new Verb("list", "Lists tokens, without their secrets.", HttpMethod.Get, "")
        {
            Rows = "tokens",
            Columns =
            [
                new("ID", "id"), new("ENDS IN", "hint"), new("ROLE", "role"), new("CREATED", "createdAt"), new("EXPIRES", "expiresAt", "never"),
                new("LAST USED", "lastUsedAt", "never"), new("STATE", "state"), new("NAME", "name"),
            ],
        };
        var command = new Command(rows.Name, rows.What);
        output.AddTo(command, isList: true);
        command.SetAction(async (parsed, _) =>
        {
            await using var server = OfflineServer.Open(parsed);
            var now = TimeProvider.System.GetUtcNow();
            output.WriteList(parsed, rows, [.. server.GetRequiredService<ApiTokenStore>().List().Select(token => new JsonObject
            {
                ["id"] = token.Id,
                ["hint"] = token.Hint,
                ["role"] = token.Role,
                ["createdAt"] = Output.Text(token.CreatedAt),
                ["expiresAt"] = Output.Text(token.ExpiresAt),
                ["lastUsedAt"] = Output.Text(token.LastUsedAt),
                ["state"] = token.StateAt(now).ToString().ToLowerInvariant(),
                ["name"] = token.Name,
            })]);
        });
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("ID");
        var command = new Command("revoke", "Revokes a token.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var server = OfflineServer.Open(parsed);
            await server.GetRequiredService<ApiTokenService>().RevokeAsync(parsed.GetRequiredValue(id), Actor.Cli, cancellationToken);
        });
        return command;
    }
}
