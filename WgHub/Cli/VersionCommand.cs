using System.CommandLine;
using System.Runtime.InteropServices;
using WgHub.Web;

namespace WgHub.Cli;

internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Prints version, commit and runtime.");
        command.SetAction(
            _ =>
                Console.WriteLine(
                    $"wghub {BuildInfo.Version} ({BuildInfo.Commit}) {RuntimeInformation.FrameworkDescription} {RuntimeInformation.RuntimeIdentifier}"));
        return command;
    }
}
