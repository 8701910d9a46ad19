using System.CommandLine;
using WgHub.Install;

namespace WgHub.Cli;

internal static class UninstallCommand
{
    public static Command Create()
    {
        var purge = new Option<bool>("--purge")
        {
            Description = "The data too, with all keys; the user, the interface, its firewall table and rules. Every spoke is cut off.",
        };
        var command = new Command("uninstall", "Takes the service away that 'wghub install' made. Data and tunnels stay.") { purge };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var isChanged = false;
            var removal = new Removal(
                CommonOptions.NamedDataDirectoryOf(parsed) ?? ServiceFiles.DefaultData,
                what =>
                {
                    isChanged = true;
                    Console.WriteLine($"- {what}");
                },
                TimeProvider.System);
            var left = await removal.RunAsync(parsed.GetValue(purge), cancellationToken);
            Console.WriteLine(isChanged ? "The service wghub is taken away." : "Nothing to take away: there is no service wghub.");
            if (left is not null)
            {
                Console.WriteLine($"Its data stay in {left.Directory}, its settings in {ServiceFiles.Defaults}; tunnels stand until the next boot.");
                Console.WriteLine("All of it goes with --purge.");
            }
        });
        return command;
    }
}
