namespace WgHub.WireGuard;

/// <summary>
/// Whether the kernel forwards what arrives on an interface: on lets spokes reach each other, off keeps them apart.
/// IPv4 has the switch by interface; for IPv6 the kernel knows only one for the whole machine, which is left alone.
/// </summary>
internal sealed partial class Forwarding(string name, ILogger<Forwarding> logger)
{
    private bool _isRefused;

    /// <returns>How the switch of an interface stands; null where there is none.</returns>
    public static bool? IsOn(string name) => File.Exists(Switch(name)) ? File.ReadAllText(Switch(name)).Trim() == "1" : null;

    /// <summary>True when the switch stands as wanted, or cannot be set here at all.</summary>
    public bool Is(bool on) => _isRefused || IsOn(name) is not { } now || now == on;

    public void Set(bool on)
    {
        if (Is(on))
        {
            return;
        }

        try
        {
            File.WriteAllText(Switch(name), on ? "1" : "0");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _isRefused = true;
            LogRefused(on ? "on" : "off", exception.Message);
        }
    }

    private static string Switch(string name) => $"/proc/sys/net/ipv4/conf/{name}/forwarding";

    [LoggerMessage(Level = LogLevel.Warning, Message = "Forwarding between spokes could not be switched {State}: {Reason}")]
    private partial void LogRefused(string state, string reason);
}
