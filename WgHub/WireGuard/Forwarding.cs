namespace WgHub.WireGuard;

/// <summary>
/// Whether the kernel forwards what arrives on an interface: on lets spokes reach each other, off keeps them apart.
/// IPv4 has the switch by interface; for IPv6 the kernel knows only one for the whole machine, which is left alone.
/// </summary>
internal sealed class Forwarding(string name)
{
    /// <returns>How the switch of an interface stands; null where there is none.</returns>
    public static bool? IsOn(string name) => File.Exists(Switch(name)) ? File.ReadAllText(Switch(name)).Trim() == "1" : null;

    /// <summary>True when the switch stands as wanted.</summary>
    public bool Is(bool on) => IsOn(name) is not { } now || now == on;

    /// <returns>A sentence when it could not be set; null when it stands as wanted.</returns>
    public string? Set(bool on)
    {
        if (Is(on))
        {
            return null;
        }

        try
        {
            File.WriteAllText(Switch(name), on ? "1" : "0");
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"Forwarding between spokes could not be switched {(on ? "on" : "off")}: {exception.Message}";
        }
    }

    private static string Switch(string name) => $"/proc/sys/net/ipv4/conf/{name}/forwarding";
}
