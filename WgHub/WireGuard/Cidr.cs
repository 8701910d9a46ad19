using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WgHub.WireGuard;

/// <summary>
/// A network of either family in CIDR form. A value of numbers, so that a set of them finds one as fast as it finds a number; of IPv4 alone,
/// where a pool counts through its addresses, there is <see cref="Ipv4Network"/>.
/// </summary>
/// <param name="First">The network's own address as a number, of 32 bits for IPv4.</param>
/// <param name="PrefixLength">0 to 32, or to 128 for IPv6.</param>
internal readonly record struct Cidr(UInt128 First, int PrefixLength, bool IsIPv6)
{
    /// <summary>Shortest prefix of a network that somebody has: below it a slip, or the internet in pieces. Install scripts take none either.</summary>
    public const int ShortestPrefix = 8;

    /// <inheritdoc cref="ShortestPrefix"/>
    public const int ShortestPrefix6 = 16;

    private const int LongestText = 43;

    /// <summary>Bits of an address.</summary>
    public int Bits => IsIPv6 ? 128 : 32;

    /// <summary>True for all addresses of its family: a default route.</summary>
    public bool IsAll => PrefixLength == 0;

    /// <summary>True for one with a shorter prefix than somebody's network has.</summary>
    public bool IsTooLarge => PrefixLength < (IsIPv6 ? ShortestPrefix6 : ShortestPrefix);

    public UInt128 Last => First | HostBits(PrefixLength, IsIPv6);

    /// <summary>False where an address of it is none that a machine can have for good (RFC 6890).</summary>
    public bool IsForMachines => IsIPv6
        ? Ipv6Network.HasMachines(new(AddressOf(First, true), PrefixLength))
        : new Ipv4Network((uint)First, PrefixLength).IsForMachines;

    /// <summary>The network's own address, without the prefix.</summary>
    public string Address => AddressOf(First, IsIPv6).ToString();

    public static implicit operator Cidr(Ipv4Network network) => new(network.First, network.PrefixLength, false);

    public static Cidr From(IPNetwork network) =>
        new(NumberOf(network.BaseAddress), network.PrefixLength, network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6);

    /// <summary>The network of this length that holds this one, or begins as it does.</summary>
    public Cidr Around(int prefixLength) => new(First & ~HostBits(prefixLength, IsIPv6), prefixLength, IsIPv6);

    /// <summary>True when all of <paramref name="other"/> lies in it, or is it.</summary>
    public bool Contains(Cidr other) => IsIPv6 == other.IsIPv6 && PrefixLength <= other.PrefixLength && other.Around(PrefixLength) == this;

    /// <summary>Of two networks that have an address in common, one lies in the other.</summary>
    public bool Overlaps(Cidr other) => Contains(other) || other.Contains(this);

    /// <summary>Reads <c>10.20.0.0/16</c> or <c>fd00:20::/48</c>; refuses host bits, and what only some programs take for an address.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Cidr network) => TryParseAround(text, out network, out var hasHostBits) && !hasHostBits;

    /// <inheritdoc cref="TryParse"/>
    /// <exception cref="FormatException">No network.</exception>
    public static Cidr Parse(string text) => TryParse(text, out var network) ? network : throw new FormatException("Not a network.");

    /// <summary>Reads an address with a prefix as the network that it is in, such as <c>10.20.0.1/16</c>.</summary>
    public static bool TryParseAround([NotNullWhen(true)] string? text, out Cidr network, out bool hasHostBits)
    {
        (network, hasHostBits) = (default, false);
        if (text is not { Length: <= LongestText } || text.Split('/') is not [var address, var prefix]
            || !int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || prefix != length.ToString(CultureInfo.InvariantCulture)
            || NumberIn(address) is not var (number, isIPv6) || length > (isIPv6 ? 128 : 32))
        {
            return false;
        }

        network = new Cidr(number, length, isIPv6).Around(length);
        hasHostBits = network.First != number;
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");

    private static (UInt128 Number, bool IsIPv6)? NumberIn(string address) =>
        Ipv4Network.TryParseAddress(address, out var four) ? (four, false)
        : address.Contains(':', StringComparison.Ordinal) && !address.AsSpan().ContainsAny('%', '[') && IPAddress.TryParse(address, out var six)
            && six is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } ? (NumberOf(six), true)
        : null;

    private static UInt128 NumberOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        return written == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static IPAddress AddressOf(UInt128 number, bool isIPv6)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new(isIPv6 ? bytes : bytes[12..]);
    }

    /// <summary>The bits behind the prefix: none, where a shift by all bits of the number would shift nothing.</summary>
    private static UInt128 HostBits(int prefixLength, bool isIPv6)
    {
        var hosts = (isIPv6 ? 128 : 32) - prefixLength;
        return hosts == 0 ? UInt128.Zero : UInt128.MaxValue >> (128 - hosts);
    }
}
