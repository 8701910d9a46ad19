using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>What is installed on a spoke when it is switched on for the first time.</summary>
internal enum SpokeKind
{
    /// <summary>No WireGuard; apt finds it in a repository on the machine's own disk.</summary>
    Bare,

    /// <summary>wireguard-tools and wireguard-go are there.</summary>
    Tools,

    /// <summary>Like <see cref="Bare"/>, with dnf, zypper, pacman and OpenRC beside apt. Which is the machine's own, its os-release says.</summary>
    Foreign,

    /// <summary>Like <see cref="Bare"/>, of the Debian after.</summary>
    Trixie,
}

/// <summary>The machines of rootfs.sh.</summary>
internal static class Rootfs
{
    /// <summary>The folder of a machine, shared by all spokes: nothing may write to it.</summary>
    public static async Task<string> FindAsync(SpokeKind kind, CancellationToken cancel)
    {
        if (kind == SpokeKind.Trixie)
        {
            return Path.Combine(await BuildAsync("trixie", cancel), "bare");
        }

        var rootfs = Environment.GetEnvironmentVariable("WGHUB_ROOTFS") ?? await BuildAsync("bookworm", cancel);
        return Path.Combine(rootfs, kind.ToString().ToLowerInvariant());
    }

    private static async Task<string> BuildAsync(string suite, CancellationToken cancel)
    {
        var result = await Shell.RunAsync(["sh", Repository.PathOf("WgHub.Tests/Lab/rootfs.sh"), suite], cancel);
        return result.OrThrow().TrimEnd().Split('\n')[^1];
    }
}
