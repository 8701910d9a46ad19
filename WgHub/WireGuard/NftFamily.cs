using System.Net;
using System.Net.Sockets;

namespace WgHub.WireGuard;

/// <summary>IPv4 and IPv6 as nft names them. A family is the number 4 or 6.</summary>
internal static class NftFamily
{
    public static readonly int[] Both = [4, 6];

    public static int Of(IPNetwork network) => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 4 : 6;

    public static string Ip(int family) => family == 4 ? "ip" : "ip6";

    public static string Ip(IPNetwork network) => Ip(Of(network));

    public static string TypeOf(int family) => family == 4 ? "ipv4_addr" : "ipv6_addr";

    public static int Bits(int family) => family == 4 ? 32 : 128;
}
