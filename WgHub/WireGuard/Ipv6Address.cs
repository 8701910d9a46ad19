using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace WgHub.WireGuard;

/// <summary>The bare IPv6 address of one machine; IPAddress alone would also take brackets, a port and a zone.</summary>
internal static class Ipv6Address
{
    private const int Longest = 45;

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = text is { Length: <= Longest } && text.Contains(':', StringComparison.Ordinal) && !text.AsSpan().ContainsAny('%', '[')
            && IPAddress.TryParse(text, out var parsed) && parsed is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? parsed
            : null;
        return address is not null;
    }
}
