namespace WgHub.WireGuard;

/// <summary>IPv4 and IPv6 as nft names them. A family is the number 4 or 6.</summary>
internal static class NftFamily
{
    public static readonly int[] Both = [4, 6];

    public static int Of(Cidr network) => network.IsIPv6 ? 6 : 4;

    public static string Ip(int family) => family == 4 ? "ip" : "ip6";

    public static string Ip(Cidr network) => Ip(Of(network));

    public static string TypeOf(int family) => family == 4 ? "ipv4_addr" : "ipv6_addr";
}
