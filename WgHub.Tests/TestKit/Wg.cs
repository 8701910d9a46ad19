using System.Security.Cryptography;

namespace WgHub.TestKit;

/// <summary>The hand at the keyboard: looks at a real interface, and changes it behind the hub's back.</summary>
internal static class Wg
{
    /// <summary>A public key that no other test has.</summary>
    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Runs wg(8) or ip(8); the words are separated by spaces.</summary>
    public static async Task<string> RunAsync(string line) =>
        (await Shell.RunAsync(line.Split(' '), TestContext.Current.CancellationToken)).OrThrow();

    /// <summary>Peers of the interface with their allowed IPs; none when there is no interface.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> PeersAsync(string @interface)
    {
        var listed = await Shell.RunAsync(["wg", "show", @interface, "allowed-ips"], TestContext.Current.CancellationToken);
        return listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToDictionary(line => line[0], line => line[1]);
    }

    /// <summary>The process that is the interface, where the kernel has no WireGuard.</summary>
    public static async Task<string> ProcessIdAsync(string @interface)
    {
        var listed = await Shell.RunAsync(["pgrep", "-x", "-f", $"wireguard-go {@interface}"], TestContext.Current.CancellationToken);
        return listed.Output.Trim();
    }
}
