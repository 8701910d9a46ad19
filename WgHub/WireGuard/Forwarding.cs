using System.Diagnostics.CodeAnalysis;

namespace WgHub.WireGuard;

/// <summary>
/// The kernel's own switches. For IPv4 there is one for what arrives on each interface; off, nothing passes whatever else is set. For IPv6
/// there is one by interface since Linux 6.17, and before that only one for the whole machine, which is switched on when it is needed and never off:
/// somebody else may want it too.
/// </summary>
internal sealed class Forwarding(string name)
{
    private const string Ipv4Settings = "/proc/sys/net/ipv4/conf", Ipv6Settings = "/proc/sys/net/ipv6/conf";

    /// <returns>How the switch of an interface stands for IPv4; null where there is none.</returns>
    public static bool? IsOn(string name) => Read($"{Ipv4Settings}/{name}/forwarding") is { } text ? text == "1" : null;

    /// <summary>How the switches stand.</summary>
    public ForwardingSwitches Look() => new(
        IsOn(name) ?? false,
        Read($"{Ipv6Settings}/all/forwarding") == "1" || Read(Force(name)) == "1",
        Larger("rp_filter") == "1" && Larger("src_valid_mark") != "1");

    /// <summary>Lets through what the firewall table allows, or nothing.</summary>
    /// <param name="besides">Interfaces that answers come back by.</param>
    /// <returns>Sentences about what could not be set.</returns>
    public IReadOnlyList<string> Keep(bool on, bool on6, IReadOnlyCollection<string> besides)
    {
        List<string> faults = [];
        Write(faults, $"{Ipv4Settings}/{name}/forwarding", on ? "1" : "0");
        foreach (var other in on ? besides : [])
        {
            Write(faults, $"{Ipv4Settings}/{other}/forwarding", "1");
        }

        // The check of a sender's way back (rp_filter) meets the guard too, and has to be allowed what its packet is.
        foreach (var one in on ? besides.Append(name) : [])
        {
            Write(faults, $"{Ipv4Settings}/{one}/src_valid_mark", "1");
        }

        if (on6 && Read($"{Ipv6Settings}/all/forwarding") == "0")
        {
            On6(faults, besides);
        }
        else if (!on6 && Read(Force(name)) == "1")
        {
            Write(faults, Force(name), "0");
        }

        return faults;
    }

    private void On6(List<string> faults, IReadOnlyCollection<string> besides)
    {
        if (File.Exists(Force(name)))
        {
            foreach (var one in besides.Append(name))
            {
                Write(faults, Force(one), "1");
            }

            return;
        }

        // A machine that forwards takes no address and no default route from a router any more, unless it is told to (ip-sysctl: accept_ra).
        foreach (var listening in Directory.GetDirectories(Ipv6Settings).Select(folder => $"{folder}/accept_ra").Where(file => Read(file) == "1"))
        {
            Write(faults, listening, "2");
        }

        Write(faults, $"{Ipv6Settings}/all/forwarding", "1");
    }

    /// <summary>Of the two that the kernel takes the larger of (ip-sysctl): that of all interfaces and the own.</summary>
    private string? Larger(string setting) =>
        new[] { Read($"{Ipv4Settings}/all/{setting}"), Read($"{Ipv4Settings}/{name}/{setting}") }.Max(StringComparer.Ordinal);

    private static string Force(string name) => $"{Ipv6Settings}/{name}/force_forwarding";

    private static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : null;

    [SuppressMessage("Globalization", "CA1303", Justification = "Sentences are English.")]
    private static void Write(List<string> faults, string file, string value)
    {
        try
        {
            if (Read(file) != value)
            {
                File.WriteAllText(file, value);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add($"Forwarding could not be switched {(value == "0" ? "off" : "on")}: {exception.Message}");
        }
    }
}

/// <param name="On4">What arrives on the interface is forwarded, of IPv4.</param>
/// <param name="On6">The same of IPv6.</param>
/// <param name="IsStrict">The check of a sender's way back meets the guard, which lets through only what is marked, and takes no mark along.</param>
internal sealed record ForwardingSwitches(bool On4, bool On6, bool IsStrict);
