using System.Globalization;

namespace WgHub.WireGuard;

/// <summary>What keeps this process from making an interface, whatever it is asked: told at the start, and not only by the first failure.</summary>
internal static class Lacks
{
    private const int NetAdmin = 12; // CAP_NET_ADMIN of capabilities(7)

    /// <returns>Sentences.</returns>
    public static IEnumerable<string> Of(WireGuardOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            yield break;
        }

        if (!HasCapability(NetAdmin))
        {
            yield return "This user may not make network interfaces (CAP_NET_ADMIN is missing), so no tunnel will come up. "
                + "Run the hub as root, or as templates/wghub.service does.";
        }

        if (Programs.Find(options.NftCommand) is null)
        {
            yield return $"{options.NftCommand} is not on this machine, so nothing passes between spokes or beyond the hub."
                + Programs.HowToInstall(options.NftCommand);
        }

        foreach (var program in new[] { options.WgCommand, options.IpCommand }.Where(program => Programs.Find(program) is null))
        {
            yield return $"{program} is not on this machine, so no tunnel will come up.{Programs.HowToInstall(program)}";
        }
    }

    private static bool HasCapability(int number)
    {
        const string Effective = "CapEff:"; // of proc_pid_status(5)
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Effective, StringComparison.Ordinal));
        return line is null || ((ulong.Parse(line.AsSpan(Effective.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> number) & 1) == 1;
    }
}
