using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace WgHub.Features.Tls.Acme;

/// <summary>What a certificate is asked for: a DNS name (RFC 8555) or an IP address (RFC 8738).</summary>
/// <param name="Type"><c>dns</c> or <c>ip</c>.</param>
/// <param name="Value">Lower case; an address as RFC 5952 writes it.</param>
internal sealed partial record AcmeIdentifier(string Type, string Value)
{
    private const int LongestName = 253;

    public bool IsAddress => Type == "ip";

    /// <summary>What the authority sends as server name when it looks at tls-alpn-01. It cannot be an address: RFC 8738 §6 takes the reverse name.</summary>
    public string ServerName => IsAddress ? ReverseName(IPAddress.Parse(Value)) : Value;

    public static bool TryParse(string text, [NotNullWhen(true)] out AcmeIdentifier? identifier)
    {
        // .NET also reads 1, 0x7f.1, [::1]:80 and fe80::1%eth0 as addresses.
        if (
            IPAddress.TryParse(text, out var address)
                && (address.AddressFamily == AddressFamily.InterNetworkV6 ? text.IndexOfAny(['%', '[']) < 0 : address.ToString() == text))
        {
            identifier = new("ip", address.ToString());
            return true;
        }

        identifier = text.Length <= LongestName && DnsName().IsMatch(text) ? new("dns", text.ToLowerInvariant()) : null;
        return identifier is not null;
    }

    public void AddTo(SubjectAlternativeNameBuilder names)
    {
        if (IsAddress)
        {
            names.AddIpAddress(IPAddress.Parse(Value));
        }
        else
        {
            names.AddDnsName(Value);
        }
    }

    /// <summary>True when the certificate is for these names and no others.</summary>
    public static bool AreOf(X509Certificate2 certificate, IEnumerable<AcmeIdentifier> wanted)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SingleOrDefault();
        return names is not null && wanted.ToHashSet().SetEquals(
            [.. names.EnumerateDnsNames().Select(name => new AcmeIdentifier("dns", name)),
                .. names.EnumerateIPAddresses().Select(address => new AcmeIdentifier("ip", address.ToString()))]);
    }

    public override string ToString() => Value;

    private static string ReverseName(IPAddress address)
    {
        var bytes = address.GetAddressBytes().Reverse();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? $"{string.Join('.', bytes)}.in-addr.arpa"
            : $"{string.Join('.', bytes.SelectMany(octet => new[] { octet & 15, octet >> 4 }).Select(nibble => $"{nibble:x}"))}.ip6.arpa";
    }

    // Two labels or more, the last not a number. No wildcard: those need a challenge by DNS.
    [GeneratedRegex(@"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DnsName();
}
