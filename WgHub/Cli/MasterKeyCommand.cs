using System.CommandLine;
using WgHub.Hosting;

namespace WgHub.Cli;

internal static class MasterKeyCommand
{
    public static Command Create() =>
        new("master-key", "Exchanges the key under which the database keeps its secrets.") { Rotate() };

    private static Command Rotate()
    {
        var file = new Option<string?>("--new-key-file")
        {
            Description = "Takes the new key from this file: 32 bytes in base64. For a hub that is given its key from outside.",
            HelpName = "F",
        };
        var command = new Command("rotate", "Seals every secret anew under a new key, while the hub is stopped.") { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(file) is { } named && !File.Exists(named))
            {
                throw new UsageException($"--new-key-file {named}: there is no such file.");
            }

            await using var server = OfflineServer.Open(parsed);
            Console.WriteLine(await server.GetRequiredService<KeyRotation>().RotateAsync(parsed.GetValue(file), cancellationToken));
        });
        return command;
    }
}
