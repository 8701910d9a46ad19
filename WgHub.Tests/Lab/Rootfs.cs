using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>What is installed on a spoke when it is switched on for the first time.</summary>
internal enum SpokeKind
{
    /// <summary>No WireGuard; apt finds it in a repository on the machine's own disk.</summary>
    Bare,

    /// <summary>wireguard-tools and wireguard-go are there.</summary>
    Tools,
}

/// <summary>The machines of rootfs.sh.</summary>
internal static class Rootfs
{
    /// <summary>The folder of a machine, shared by all spokes: nothing may write to it.</summary>
    public static async Task<string> FindAsync(SpokeKind kind, CancellationToken cancel)
    {
        var rootfs = Environment.GetEnvironmentVariable("WGHUB_ROOTFS") ?? await BuildAsync(cancel);
        return Path.Combine(rootfs, kind == SpokeKind.Bare ? "bare" : "tools");
    }

    private static async Task<string> BuildAsync(CancellationToken cancel)
    {
        var result = await Shell.RunAsync(["sh", Repository.PathOf("WgHub.Tests/Lab/rootfs.sh")], cancel);
        return result.OrThrow().TrimEnd().Split('\n')[^1];
    }
}
