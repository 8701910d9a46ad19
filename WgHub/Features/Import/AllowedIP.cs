using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>An address with a prefix, as wg(8) and wg-quick(8) read one: without a prefix it is that address alone, and host bits are allowed.</summary>
/// <param name="Address">Of IPv4; 0 for IPv6.</param>
/// <param name="Address6">Null for IPv4.</param>
internal sealed record AllowedIP(uint Address, IPAddress? Address6, int PrefixLength)
{
    /// <summary>True for everything: a default route.</summary>
    public bool IsAll => PrefixLength == 0;

    public bool IsHost => PrefixLength == (Address6 is null ? 32 : 128);

    /// <summary>Of IPv4, without host bits; prefix 1 to 32.</summary>
    public Ipv4Network Network => Ipv4Network.Around(Address, PrefixLength);

    /// <summary>Of IPv6, without host bits; null for IPv4, and for a prefix that no network of a hub has.</summary>
    public Ipv6Network? Network6 => Address6 is not null && Ipv6Network.TryParse($"{Base6}/{PrefixLength}", out var network) ? network : null;

    /// <summary>The address without host bits; null for IPv4.</summary>
    public IPAddress? Base6
    {
        get
        {
            if (Address6 is null)
            {
                return null;
            }

            var bytes = Address6.GetAddressBytes();
            for (var place = 0; place < bytes.Length; place++)
            {
                bytes[place] &= (byte)(0xff00 >> Math.Clamp(PrefixLength - (place * 8), 0, 8));
            }

            return new(bytes);
        }
    }

    /// <summary>Of either family, without host bits.</summary>
    public Cidr Cidr => Cidr.Parse(ToString());

    /// <returns>Null when it is none.</returns>
    public static AllowedIP? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (address, prefix) = slash < 0 ? (text, null) : (text[..slash], text[(slash + 1)..]);
        if (Ipv4Network.TryParseAddress(address, out var four))
        {
            return LengthOf(prefix, 32) is { } length ? new(four, null, length) : null;
        }

        return address.Contains(':', StringComparison.Ordinal) && !address.AsSpan().ContainsAny('%', '[') && IPAddress.TryParse(address, out var six)
            && six.AddressFamily == AddressFamily.InterNetworkV6 && LengthOf(prefix, 128) is { } length6
            ? new(0, six, length6)
            : null;
    }

    /// <summary>As wg writes it, and holds it: without host bits.</summary>
    public override string ToString() =>
        Address6 is not null ? string.Create(CultureInfo.InvariantCulture, $"{Base6}/{PrefixLength}")
        : IsAll ? "0.0.0.0/0"
        : Network.ToString();

    private static int? LengthOf(string? prefix, int most) =>
        prefix is null ? most
        : int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= most ? length
        : null;
}
