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

    /// <summary>
    /// Reads what wg(8) reads as an endpoint; an IPv6 address also without its brackets, where what stands behind the last colon is taken for a
    /// port only if the whole is no address.
    /// </summary>
    /// <param name="defaultPort">Taken when the text names none.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, int defaultPort, [NotNullWhen(true)] out WgEndpoint? endpoint)
    {
        endpoint = null;
        if (text is null || Shape().Match(Bracketed(text)) is not { Success: true } match)
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
        host = host.EndsWith('.') ? host[..^1] : host; // a name to its very end, as DNS writes it
        if (host.All(c => c is '.' or (>= '0' and <= '9')) ? !Ipv4Network.TryParseAddress(host, out _) : !HostName().IsMatch(host))
        {
            return false;
        }

        endpoint = new(host, port);
        return true;
    }

    /// <summary>The same host at another port.</summary>
    public WgEndpoint At(int port) => new(Host, port);

    private static string Bracketed(string text)
    {
        if (text.Length > 60 || text.Contains('[', StringComparison.Ordinal) || text.Split(':') is not [_, _, .., var last])
        {
            return text;
        }

        return IsAddress(text) ? $"[{text}]" : IsAddress(text[..^(last.Length + 1)]) ? $"[{text[..^(last.Length + 1)]}]:{last}" : text;

        static bool IsAddress(string text) => text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') && IPAddress.TryParse(text, out _);
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    [GeneratedRegex(@"\A(\[(?<v6>[0-9a-fA-F:.]{2,45})\]|(?<host>[a-zA-Z0-9._-]{1,253}))(:(?<port>[0-9]{1,5}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    // RFC 1123: labels of letters, digits and inner hyphens; and underscores, which DNS knows and wg takes. ASCII alone, so that no look-alike letter gets in.
    [GeneratedRegex(@"\A([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?)(\.[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
