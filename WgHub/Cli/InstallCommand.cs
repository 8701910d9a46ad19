using System.CommandLine;
using WgHub.Install;
using WgHub.WireGuard;

namespace WgHub.Cli;

internal static class InstallCommand
{
    private static readonly TimeSpan DoctorLimit = TimeSpan.FromMinutes(1);

    public static Command Create()
    {
        var urls = new Option<string?>("--urls") { Description = "Where the service listens (default https://0.0.0.0:443).", HelpName = "URL[;URL]" };
        var command =
            new Command("install", "Makes this file a service of a machine with systemd, and starts it. Run again, it mends what is missing.") { urls };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var listen = parsed.GetValue(urls);
            if (listen is not null)
            {
                _ = ServeCommand.ListenOn(listen, CommonOptions.SettingsFileOf(parsed, CommonOptions.DataDirectoryToLook(parsed)));
            }

            var named = CommonOptions.NamedDataDirectoryOf(parsed);
            var (data, isChanged) =
                await new Installation(named, listen, what => Console.WriteLine($"+ {what}"), TimeProvider.System).RunAsync(cancellationToken);
            Console.WriteLine(isChanged ? "The service wghub runs and is ready." : "Nothing to change: the service wghub is installed, runs and is ready.");
            var told = await SystemProgram.AskAsync(DoctorLimit, ServiceFiles.Binary, ["doctor", "--data", data.Directory], cancellationToken);
            Console.Write(told.Output);
            Console.WriteLine("'journalctl -u wghub' tells the address and the code for the set-up; another code: wghub setup-code");
        });
        return command;
    }
}
