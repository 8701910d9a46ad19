using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace WgHub.WireGuard;

/// <summary>Where a hub is reached: <c>203.0.113.5:51820</c>, <c>[2001:db8::1]:51820</c> or <c>vpn.example.com:51820</c>.</summary>
internal sealed partial record WgEndpoint
{
    private WgEndpoint(string host, int port) => (Host, Port) = (host, port);

    /// <summary>Name or address, IPv6 without its brackets.</summary>
    public string Host { get; }

    /// <summary>UDP port, 1 to 65535.</summary>
    public int Port { get; }

    /// <param name="defaultPort">Taken when the text names none.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, int defaultPort, [NotNullWhen(true)] out WgEndpoint? endpoint)
    {
        endpoint = null;
        if (text is null || Shape().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var port = defaultPort;
        if (match.Groups["port"] is { Success: true } digits
            && (!int.TryParse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            return false;
        }

        if (match.Groups["v6"] is { Success: true } v6)
        {
            if (!IPAddress.TryParse(v6.Value, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            {
                return false;
            }

            endpoint = new(address.ToString(), port);
            return true;
        }

        var host = match.Groups["host"].Value;
        if (host.All(c => c is '.' or (>= '0' and <= '9')) ? !Ipv4Network.TryParseAddress(host, out _) : !HostName().IsMatch(host))
        {
            return false;
        }

        endpoint = new(host, port);
        return true;
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    [GeneratedRegex(@"\A(\[(?<v6>[0-9a-fA-F:.]{2,45})\]|(?<host>[a-zA-Z0-9.-]{1,253}))(:(?<port>[0-9]{1,5}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    // RFC 1123: labels of letters, digits and inner hyphens. ASCII alone, so that no look-alike letter gets in.
    [GeneratedRegex(@"\A([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
