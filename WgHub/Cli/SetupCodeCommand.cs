using System.CommandLine;
using WgHub.Features.Auth.Accounts;

namespace WgHub.Cli;

internal static class SetupCodeCommand
{
    public static Command Create()
    {
        var reset =
            new Option<bool>("--reset-admin") { Description = "A code that gives an administrator a new password, for whoever has no way in any more." };
        var command = new Command("setup-code", "Prints a one-time code that opens the first set-up, while there is no administrator.") { reset };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var server = OfflineServer.OpenOrMake(parsed);
            var codes = server.GetRequiredService<SetupCodes>();
            var code = parsed.GetValue(reset) ? await codes.NewResetAsync(cancellationToken) : await codes.NewAsync(cancellationToken);
            if (code is null)
            {
                await Console.Error.WriteLineAsync("wghub: the set-up is done; there is an administrator. With --reset-admin the code resets one.");
                return ExitCode.SetUpAlready;
            }

            await Console.Out.WriteLineAsync(code.Reveal());
            return 0;
        });
        return command;
    }
}
