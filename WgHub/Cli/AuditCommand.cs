using System.CommandLine;
using WgHub.Cli.Remote;
using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Cli;

internal static class AuditCommand
{
    public static Command Create(HubAccess access)
    {
        var command = new Command("audit", "Lists changes, and checks the log of them.") { Verify() };
        NounCommand.AddVerbs(command, HubNouns.Audit, access);
        return command;
    }

    private static Command Verify()
    {
        var expect = new Option<string?>("--expect") { Description = "An entry told earlier, that must still be there.", HelpName = "N:HASH" };
        var command = new Command("verify", "Computes the chain of hashes anew, prints its head, and says what it found.") { expect };
        command.SetAction(async (parsed, _) =>
        {
            AuditLink? expected = null;
            if (parsed.GetValue(expect) is { } text)
            {
                expected = AuditLink.TryParse(text, out var link)
                    ? link
                    : throw new UsageException($"--expect {text}: a number, a colon and 64 hexadecimal digits, as this command prints them.");
            }

            await using var server = OfflineServer.Open(parsed);
            var verdict = server.GetRequiredService<Database>().Read(tx => AuditChain.Verify(tx, expected));

            // The head alone is on standard output: head=$(wghub audit verify) is what --expect takes.
            Console.WriteLine(verdict.Head);
            await Console.Error.WriteLineAsync($"wghub: {verdict}");
            return verdict.Fault is null ? 0 : ExitCode.Failed;
        });
        return command;
    }
}
