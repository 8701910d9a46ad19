using System.CommandLine;
using WgHub.Hosting;

namespace WgHub.Cli.Remote;

/// <summary>Any call of the API, for what has no command of its own.</summary>
internal static class ApiCommand
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    public static Command Create(HubAccess access)
    {
        var method = new Argument<string>("METHOD") { Description = $"{string.Join(", ", Methods)}." };
        var path = new Argument<string>("PATH") { Description = "Such as /api/hub/status; GET /openapi/v1.json tells them all." };
        var body = new Option<string?>("--body") { Description = "A file with JSON; - is standard input.", HelpName = "FILE" };
        var command = new Command("api", "Makes any call of the API, and prints its answer.") { method, path, body };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var verb = parsed.GetRequiredValue(method).ToUpperInvariant();
            if (!Methods.Contains(verb))
            {
                throw new UsageException($"api {verb}: one of {string.Join(", ", Methods)}.");
            }

            if (parsed.GetRequiredValue(path) is not ['/', ..] of)
            {
                throw new UsageException("api: a PATH begins with /, such as /api/hub/status.");
            }

            var json = parsed.GetValue(body) switch
            {
                null => null,
                "-" => await Console.In.ReadToEndAsync(cancellationToken),
                var file => await File.ReadAllTextAsync(file, cancellationToken),
            };
            using var hub = access.Open(parsed);
            var answer = await hub.ExchangeAsync(new(verb), of, json, null, cancellationToken);
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(answer, cancellationToken);
        });
        return command;
    }
}
