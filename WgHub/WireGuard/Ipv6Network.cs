using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WgHub.WireGuard;

/// <summary>
/// An IPv6 network. A spoke's address in it carries its IPv4 address in the last 32 bits, so one lease makes both; where the prefix leaves
/// fewer, as many bits of the IPv4 address as there are.
/// </summary>
internal readonly record struct Ipv6Network
{
    private static readonly IPNetwork[] NotForMachines =
    [
        IPNetwork.Parse("::/8"), // unspecified, loopback, IPv4 in IPv6 in its several forms, translation (64:ff9b::/96, 64:ff9b:1::/48)
        IPNetwork.Parse("100::/64"), // discarded
        IPNetwork.Parse("2001::/32"), // Teredo
        IPNetwork.Parse("2002::/16"), // 6to4
        IPNetwork.Parse("fe80::/10"), // link-local
        IPNetwork.Parse("fec0::/10"), // site-local, no longer in use
        IPNetwork.Parse("ff00::/8"), // multicast
    ];

    private readonly IPAddress? _base;

    private Ipv6Network(IPAddress address, int prefixLength) => (_base, PrefixLength) = (address, prefixLength);

    public int PrefixLength { get; }

    /// <summary>False where an address of it is none that a machine can have for good (RFC 6890).</summary>
    public bool IsForMachines => HasMachines(new(_base!, PrefixLength));

    /// <summary>The same of a network of any size.</summary>
    public static bool HasMachines(IPNetwork network) =>
        !NotForMachines.Any(other => other.Contains(network.BaseAddress) || network.Contains(other.BaseAddress));

    /// <summary>Reads <c>fd00:1::/64</c>; refuses host bits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Ipv6Network network)
    {
        network = default;
        if (text is not { Length: <= 43 } || text.Split('/') is not [var address, var prefix] || address.AsSpan().ContainsAny('%', '[')
            || !IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6 || parsed.IsIPv4MappedToIPv6
            || !int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length is < 16 or > 126
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
        var kept = BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) & ~HostBits;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], kept | (ipv4 & HostBits));
        return new IPAddress(bytes).ToString();
    }

    /// <summary>True when each address of <paramref name="network"/> gets one of its own here.</summary>
    public bool HasRoomFor(Ipv4Network network) => 128 - PrefixLength >= 32 - network.PrefixLength;

    /// <summary>True for an address that one machine can have: the first is every router's (RFC 4291, 2.6.1).</summary>
    public bool HasHost(IPAddress address) => Contains(address) && !address.Equals(_base);

    public bool Contains(IPAddress address) => new IPNetwork(_base!, PrefixLength).Contains(address);

    /// <summary>The IPv4 address whose machine would have this one, by <see cref="AddressFor"/>; null when no machine of the network would.</summary>
    public uint? Ipv4Of(IPAddress address, Ipv4Network network)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || !address.TryWriteBytes(bytes, out _))
        {
            return null;
        }

        var number = (network.First & ~HostBits) | (BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) & HostBits);
        return network.Contains(number) && AddressFor(number) == address.ToString() ? number : null;
    }

    /// <summary>Those of the last 32 bits that are a machine's.</summary>
    private uint HostBits => PrefixLength <= 96 ? uint.MaxValue : uint.MaxValue >> (PrefixLength - 96);

    public override string ToString() => $"{_base}/{PrefixLength}";
}
