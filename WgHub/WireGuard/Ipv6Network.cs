using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WgHub.WireGuard;

/// <summary>An IPv6 network of at most 96 bits. A spoke's address in it carries its IPv4 address in the last 32 bits, so one lease makes both.</summary>
internal readonly record struct Ipv6Network
{
    private readonly IPAddress? _base;

    private Ipv6Network(IPAddress address, int prefixLength) => (_base, PrefixLength) = (address, prefixLength);

    public int PrefixLength { get; }

    /// <summary>Reads <c>fd00:1::/64</c>; refuses host bits and prefixes that leave no 32 bits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Ipv6Network network)
    {
        network = default;
        if (text is not { Length: <= 43 } || text.Split('/') is not [var address, var prefix] || address.AsSpan().ContainsAny('%', '[')
            || !IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6 || parsed.IsIPv4MappedToIPv6
            || !int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length is < 16 or > 96
            || prefix != length.ToString(CultureInfo.InvariantCulture)
            || !new IPNetwork(parsed, length).BaseAddress.Equals(parsed))
        {
            return false;
        }

        network = new(parsed, length);
        return true;
    }

    public bool Overlaps(IPNetwork other) => other.Contains(_base!) || new IPNetwork(_base!, PrefixLength).Contains(other.BaseAddress);

    /// <summary>The address of the machine that has <paramref name="ipv4"/>.</summary>
    public string AddressFor(uint ipv4)
    {
        Span<byte> bytes = stackalloc byte[16];
        _base!.TryWriteBytes(bytes, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], ipv4);
        return new IPAddress(bytes).ToString();
    }

    public override string ToString() => $"{_base}/{PrefixLength}";
}
