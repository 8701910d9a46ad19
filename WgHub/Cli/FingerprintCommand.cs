using System.CommandLine;
using WgHub.Features.Tls;
using WgHub.Features.Tls.Acme;

namespace WgHub.Cli;

/// <summary>How to know this hub: what a browser or curl shows is compared with it.</summary>
internal static class FingerprintCommand
{
    public static Command Create()
    {
        var command = new Command("fingerprint", "Prints the key of the hub's certificate as curl pins it, and the certificate's SHA-256.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var server = OfflineServer.OpenOrMake(parsed);
            var pair = server.GetRequiredService<KeptCertificate>().Find().Pair ?? await server.GetRequiredService<SelfSigned>().GetAsync(cancellationToken);
            Console.WriteLine($"{pair.Pin}\nSHA-256 {pair.Fingerprint}");
        });
        return command;
    }
}
