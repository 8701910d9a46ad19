using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WgHub.WireGuard;

/// <summary>An IPv4 network in CIDR form. Addresses in it are numbers, so that a pool can count through them.</summary>
/// <param name="First">The network's own address as a number.</param>
/// <param name="PrefixLength">1 to 32.</param>
internal readonly record struct Ipv4Network(uint First, int PrefixLength)
{
    private static readonly Ipv4Network[] NotForMachines =
    [
        new(0x00000000, 8), // "this network"
        new(0x7F000000, 8), // loopback
        new(0xA9FE0000, 16), // link-local
        new(0xE0000000, 3), // multicast and reserved
    ];

    public uint Last => First | HostBits(PrefixLength);

    /// <summary>First address that a machine can have: behind the network's own.</summary>
    public uint FirstHost => First + 1;

    /// <summary>Last address that a machine can have: before the broadcast address.</summary>
    public uint LastHost => Last - 1;

    /// <summary>Number of machines that fit, the hub among them.</summary>
    public long HostCount => (long)LastHost - FirstHost + 1;

    /// <summary>False where an address of it is none that a machine can have for good (RFC 6890).</summary>
    public bool IsForMachines => !NotForMachines.Any(Overlaps);

    /// <summary>The network of this length that holds an address.</summary>
    public static Ipv4Network Around(uint address, int prefixLength) => new(address & ~HostBits(prefixLength), prefixLength);

    /// <summary>Reads <c>10.8.0.0/22</c> in just that spelling: no leading zeros, no host bits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Ipv4Network network)
    {
        network = default;
        if (text is null || text.Split('/') is not [var address, var prefix]
            || !TryParseAddress(address, out var first)
            || !int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length is < 1 or > 32 || prefix != length.ToString(CultureInfo.InvariantCulture))
        {
            return false;
        }

        network = new(first, length);
        return (first & HostBits(length)) == 0;
    }

    /// <inheritdoc cref="TryParse"/>
    /// <exception cref="FormatException">Another spelling, or no network.</exception>
    public static Ipv4Network Parse(string text) => TryParse(text, out var network) ? network : throw new FormatException("Not an IPv4 network.");

    /// <summary>Reads four decimal numbers; <c>10.1</c> and <c>010.0.0.1</c>, which others take for addresses, are refused.</summary>
    public static bool TryParseAddress([NotNullWhen(true)] string? text, out uint address)
    {
        address = 0;
        if (text is not { Length: >= 7 and <= 15 } || !IPAddress.TryParse(text, out var parsed)
            || parsed.AddressFamily != AddressFamily.InterNetwork || parsed.ToString() != text)
        {
            return false;
        }

        address = ToNumber(parsed);
        return true;
    }

    public static uint ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    public static string ToText(uint address) => new IPAddress(BinaryPrimitives.ReverseEndianness(address)).ToString();

    public bool Contains(uint address) => address >= First && address <= Last;

    public bool HasHost(uint address) => address >= FirstHost && address <= LastHost;

    public bool Overlaps(Ipv4Network other) => First <= other.Last && other.First <= Last;

    public override string ToString() => $"{ToText(First)}/{PrefixLength}";

    /// <summary>The bits behind the prefix. In 64 bits, since a shift of 32 bits by 32 shifts nothing.</summary>
    private static uint HostBits(int prefixLength) => (uint)(0xFFFFFFFFUL >> prefixLength);
}
