namespace WgHub.WireGuard;

/// <summary>Whether this machine has IPv6.</summary>
internal static class Ipv6
{
    private const string Settings = "/proc/sys/net/ipv6/conf";

    /// <summary>True when the kernel was started without, or it is switched off for all interfaces or for this one.</summary>
    public static bool IsOff(string name) =>
        OperatingSystem.IsLinux() && (!Directory.Exists(Settings) || new[] { "all", name }.Any(one => IsSet($"{Settings}/{one}/disable_ipv6")));

    private static bool IsSet(string file) => File.Exists(file) && File.ReadAllText(file).Trim() == "1";
}
