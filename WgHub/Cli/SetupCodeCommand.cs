using System.CommandLine;
using WgHub.Features.Auth;

namespace WgHub.Cli;

internal static class SetupCodeCommand
{
    public static Command Create()
    {
        var command = new Command("setup-code", "Prints a one-time code that opens the first set-up, while there is no administrator.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var hub = OfflineHub.Open(parsed);
            if (await hub.GetRequiredService<SetupCodes>().NewAsync(cancellationToken) is not { } code)
            {
                await Console.Error.WriteLineAsync("wghub: the set-up is done; there is an administrator.");
                return ExitCode.SetUpAlready;
            }

            await Console.Out.WriteLineAsync(code);
            return 0;
        });
        return command;
    }
}
