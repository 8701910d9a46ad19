using System.CommandLine;
using WgHub.Features.Backup;
using WgHub.Hosting;

namespace WgHub.Cli;

internal static class RestoreCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The backup; - is standard input." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Puts aside what is in the data directory." };
        var opening = new OpeningOptions();
        var command = new Command("restore", "Puts a backup in place, on a bare machine or over what is there, while the hub is stopped.") { file, yes };
        opening.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var identity = opening.IdentityOf(parsed);
            await using var from = BackupCommand.Open(parsed.GetRequiredValue(file));
            var data = CommonOptions.DataDirectoryOf(parsed);
            Privileges.BecomeOwnerOf(data.Directory);
            var isWanted = parsed.GetValue(yes);
            using var interruption = new Interruption(cancellationToken);
            var done = await Restore.RunAsync(from, identity, data, TimeProvider.System, _ => isWanted, interruption.Token);
            Console.WriteLine($"Restored {BackupCommand.Told(done.Manifest)}.");
            if (done.Former is { } former)
            {
                Console.WriteLine($"What was there is in {Path.Combine(data.Directory, former)}; it holds the keys of the former hub.");
            }

            if (done.CutOff is { Count: > 0 } cutOff)
            {
                Console.WriteLine($"Spokes that the backup does not know, which are cut off when the hub starts: {string.Join(", ", cutOff)}");
            }

            Console.WriteLine("Everybody has to sign in anew. Start the hub now.");
        });
        return command;
    }
}
