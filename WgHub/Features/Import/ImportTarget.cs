using System.Net;
using WgHub.Features.Hub;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>The network that spokes come into: this hub's, or the one that it is to get.</summary>
/// <param name="HubKey">Null when it is to get a new one.</param>
/// <param name="Address">The hub's own.</param>
internal sealed record ImportTarget(Ipv4Network Network, Ipv6Network? Network6, uint Address, PublicKey? HubKey)
{
    public static ImportTarget Of(HubConfig hub) => new(hub.Network, hub.Network6, hub.Address, hub.Key);

    /// <summary>What the source's own addresses say; null when they name no network that a hub can have.</summary>
    /// <param name="wish">Another network, chosen by a person; null for the source's.</param>
    public static ImportTarget? Of(ImportedHub? hub, Ipv4Network? wish, PublicKey? key)
    {
        var own = (hub?.Addresses ?? []).Select(Parse).OfType<(IPAddress Address, int Prefix)>().ToList();
        var first = own.Where(one => one.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
            .Select(one => (uint?)Ipv4Network.ToNumber(one.Address))
            .FirstOrDefault();
        var network = wish ?? own.Where(one => one.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && one.Prefix is >= 8 and <= 30)
            .Select(one => (Ipv4Network?)NetworkOf(one.Address, one.Prefix)).FirstOrDefault();
        if (network is not { } chosen)
        {
            return null;
        }

        // Where a network stands for the address, the first one is meant.
        var address = first is { } number && chosen.HasHost(number) ? number : chosen.FirstHost;
        return new(chosen, own.Select(Network6Of).FirstOrDefault(found => found is not null), address, key);
    }

    /// <summary>The IPv6 address that a spoke has beside this one; null when the hub has no IPv6.</summary>
    public IPAddress? Address6For(uint address) => Network6 is { } network ? IPAddress.Parse(network.AddressFor(address)) : null;

    private static Ipv4Network NetworkOf(IPAddress address, int prefix) => new(Ipv4Network.ToNumber(address) & (uint)(0xFFFFFFFFUL << (32 - prefix)), prefix);

    private static Ipv6Network? Network6Of((IPAddress Address, int Prefix) own) =>
        own.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && own.Prefix is >= 16 and <= 96
            && Ipv6Network.TryParse(new IPNetwork(own.Address, own.Prefix).ToString(), out var network) ? network : null;

    /// <summary>An address with a prefix, such as 10.8.0.1/24; without one it is that address alone.</summary>
    private static (IPAddress Address, int Prefix)? Parse(string text) =>
        text.Split('/') is [var address, .. var rest] && rest.Length < 2 && IPAddress.TryParse(address, out var parsed)
            && int.TryParse(rest is [var prefix] ? prefix : "128", out var length) && length is >= 0 and <= 128
            ? (parsed, length) : null;
}
