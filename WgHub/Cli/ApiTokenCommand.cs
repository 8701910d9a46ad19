using System.CommandLine;
using System.Globalization;
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
        var command = new Command("list", "Lists tokens, without their secrets.");
        command.SetAction(async (parsed, _) =>
        {
            await using var server = OfflineServer.Open(parsed);
            var tokens = server.GetRequiredService<ApiTokenStore>().List();
            var now = TimeProvider.System.GetUtcNow();
            Console.WriteLine($"{"ID",-36}  {"ENDS IN",-7}  {"ROLE",-8}  {"CREATED",-16}  {"EXPIRES",-16}  {"LAST USED",-16}  {"STATE",-7}  NAME");
            foreach (var token in tokens)
            {
                var state = token.StateAt(now).ToString().ToLowerInvariant();
                Console.WriteLine(
                    $"{token.Id,-36}  {token.Hint,-7}  {token.Role,-8}  {Text(token.CreatedAt),-16}  {Text(token.ExpiresAt),-16}  {Text(token.LastUsedAt),-16}  {state,-7}  {token.Name}");
            }
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

    private static string Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "never";
}
