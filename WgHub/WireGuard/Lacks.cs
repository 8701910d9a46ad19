using System.Globalization;

namespace WgHub.WireGuard;

/// <summary>Something that keeps this process from making an interface.</summary>
/// <param name="Code">For programs; stays the same when the sentences get better.</param>
/// <param name="What">In a sentence, with what comes of it.</param>
/// <param name="Way">What mends it.</param>
internal sealed record Lack(string Code, string What, string Way)
{
    public string Sentence => $"{What} {Way}";
}

/// <summary>What keeps this process from making an interface, whatever it is asked: told at the start, and not only by the first failure.</summary>
internal static class Lacks
{
    private const int NetAdmin = 12; // CAP_NET_ADMIN of capabilities(7)

    public static IEnumerable<Lack> Of(WireGuardOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            yield break;
        }

        if (!MayMakeInterfaces)
        {
            yield return new(
                "NO_NET_ADMIN", "This user may not make network interfaces (CAP_NET_ADMIN is missing), so no tunnel will come up.",
                "Run the hub as root, or as templates/wghub.service does.");
        }

        if (Programs.Find(options.NftCommand) is null)
        {
            yield return Missing(options.NftCommand, "nothing passes between spokes or beyond the hub");
        }

        foreach (var program in new[] { options.WgCommand, options.IpCommand }.Where(program => Programs.Find(program) is null))
        {
            yield return Missing(program, "no tunnel will come up");
        }
    }

    /// <summary>True where the process has CAP_NET_ADMIN.</summary>
    public static bool MayMakeInterfaces
    {
        get
        {
            const string Effective = "CapEff:"; // of proc_pid_status(5)
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Effective, StringComparison.Ordinal));
            return line is null
                || ((ulong.Parse(line.AsSpan(Effective.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> NetAdmin) & 1) == 1;
        }
    }

    private static Lack Missing(string program, string result) => new(
        "PROGRAM_MISSING", $"{program} is not on this machine, so {result}.",
        Programs.HowToInstall(program) is { Length: > 0 } way ? way.Trim() : "Name it with its whole path in the settings under WireGuard.");
}
