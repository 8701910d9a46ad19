namespace WgHub.WireGuard;

/// <summary>Where the programs are that an interface takes, and where they come from.</summary>
internal static class Programs
{
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["wg"] = "wireguard-tools",
        ["ip"] = "iproute2",
        ["wireguard-go"] = "wireguard-go",
        ["nft"] = "nftables",
        ["setsid"] = "util-linux",
    };

    /// <summary>
    /// The file of a program that is named without a folder: what PATH says. .NET would look where we were started first, and anybody may have
    /// left a <c>wg</c> for root there.
    /// </summary>
    /// <returns>Null when there is none.</returns>
    public static string? Find(string program) =>
        (program.Contains('/', StringComparison.Ordinal) ? [program] : FoldersOfPath().Select(folder => Path.Combine(folder, program)))
            .FirstOrDefault(File.Exists);

    /// <returns>Debian's package that holds it; null when we know none.</returns>
    public static string? PackageOf(string program) => Packages.GetValueOrDefault(Path.GetFileName(program));

    /// <returns>A sentence with a space before it; empty for a program that we know no package of.</returns>
    public static string HowToInstall(string program) => PackageOf(program) is { } package
        ? $" Install it, on Debian: apt install {package}."
        : "";

    private static IEnumerable<string> FoldersOfPath() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted);
}
