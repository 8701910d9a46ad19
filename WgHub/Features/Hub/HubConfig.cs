using System.Net;
using WgHub.Features.Networks;
using WgHub.Features.Policy;
using WgHub.Features.Routes;
using WgHub.Features.Scripts;
using WgHub.Features.Spokes;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>This hub's own settings, as its row has them; the private key is apart.</summary>
internal sealed record HubConfig
{
    /// <summary>Seconds between keepalives of a spoke: shorter than the 30 s after which many NATs forget a UDP flow (wg(8)).</summary>
    public const int PersistentKeepaliveSeconds = 25;

    public required HubId Id { get; init; }

    public required string InterfaceName { get; init; }

    public required int ListenPort { get; init; }

    public required PublicKey Key { get; init; }

    public required Ipv4Network Network { get; init; }

    public required Ipv6Network? Network6 { get; init; }

    /// <summary>The hub's own address in the network: the first when it was set up, and kept when the network grows.</summary>
    public required uint Address { get; init; }

    /// <summary>The hub's own address in the IPv6 network, where it does not follow from the IPv4 one: that of a hub before this one.</summary>
    public IPAddress? Address6 { get; init; }

    public required WgEndpoint PublicEndpoint { get; init; }

    public required WgEndpoint? PrivateEndpoint { get; init; }

    /// <summary>Addresses that spokes are told; empty for none.</summary>
    public required IReadOnlyList<string> Dns { get; init; }

    /// <summary>The domain of spokes' names, by the settings file; null for none.</summary>
    public string? Domain { get; init; }

    /// <summary>What spokes search names in, beside the DNS servers that know it; null for nothing.</summary>
    public string? SearchDomain => Dns.Count > 0 ? Domain : null;

    public required int Mtu { get; init; }

    /// <summary>True when the hub forwards between spokes.</summary>
    public required bool SpokeToSpoke { get; init; }

    /// <summary>True when spokes that register get a preshared key.</summary>
    public required bool PresharedKeys { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The hub's own address, such as <c>10.8.0.1</c>.</summary>
    public string TunnelAddress => Ipv4Network.ToText(Address);

    /// <summary>With the network's prefix, such as <c>10.8.0.1/22</c>.</summary>
    public string InterfaceAddress => $"{TunnelAddress}/{Network.PrefixLength}";

    public string? TunnelAddress6 => Network6 is { } network ? Address6?.ToString() ?? network.AddressFor(Address) : null;

    public string? InterfaceAddress6 => Network6 is { } network ? $"{TunnelAddress6}/{network.PrefixLength}" : null;

    /// <summary>Where spokes reach the hub, without ports: likely what people type too.</summary>
    public IEnumerable<string> HostNames => PrivateEndpoint is { } inside ? [PublicEndpoint.Host, inside.Host] : [PublicEndpoint.Host];

    /// <summary>What spokes may route to the hub, by their choice. The hub decides what it forwards.</summary>
    public HubRoutes Routes => new(
        [.. new[] { TunnelAddress, TunnelAddress6 }.OfType<string>().Concat(Dns.Where(IsInside)).Distinct().Select(WithFullPrefix)],
        Network6 is { } network ? [Network.ToString(), network.ToString()] : [Network.ToString()],
        IPAddress.TryParse(PublicEndpoint.Host, out var endpoint) ? endpoint : null);

    /// <summary>What no other network may overlap.</summary>
    public Ground Ground => new(InterfaceName, Network6 is { } network ? [Network, Cidr.Parse(network.ToString())] : [Network]);

    /// <summary>A spoke's own addresses with full prefix: IPv4, then IPv6 where the hub has it.</summary>
    public IReadOnlyList<string> AddressesOf(Spoke spoke) => AddressesOf(spoke.Address.Number, spoke.Address6?.ToString());

    /// <summary>What the spoke is told.</summary>
    public TunnelFacts TunnelOf(Spoke spoke, Secret? presharedKey) => new()
    {
        Name = spoke.Name,
        Addresses = AddressesOf(spoke),
        Dns = Dns,
        SearchDomain = SearchDomain,
        Mtu = Mtu,
        HubKey = Key,
        PresharedKey = presharedKey,
        Networks = Routes.Of(spoke.WantedRoutes),
        Endpoint = PublicEndpoint,
        PrivateEndpoint = PrivateEndpoint,
        KeepaliveSeconds = PersistentKeepaliveSeconds,
    };

    /// <summary>The interface as it should be, without routes.</summary>
    public DeviceSpec ToSpec(Secret privateKey, NftRules policy) => new(
        InterfaceName, Key, privateKey, ListenPort, InterfaceAddress6 is { } address6 ? [InterfaceAddress, address6] : [InterfaceAddress],
        Mtu, policy, []);

    /// <summary>The peer as the interface should have it.</summary>
    public PeerTarget TargetFor(Peer peer, CompiledPolicy policy)
    {
        string[] addresses = peer.Address is { } address ? AddressesOf(address, peer.Address6) : [];
        return new(peer.Key, string.Join(',', addresses.Concat(peer.Networks.Select(network => network.ToString()))), peer.PresharedKey)
        {
            Zone = addresses.Length == 0
                ? null
                : policy.ZoneOf(peer.SpokeId, peer.Group, WithoutPrefix(addresses[0]), addresses.Length > 1 ? WithoutPrefix(addresses[1]) : null),
        };
    }

    private static string WithoutPrefix(string address) => address[..address.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>True for an address in one of its networks.</summary>
    private bool IsInside(string address) =>
        IPAddress.TryParse(address, out var parsed)
        && (Ipv4Network.TryParseAddress(address, out var number) ? Network.Contains(number) : Network6?.Contains(parsed) == true);

    private static string WithFullPrefix(string address) => $"{address}/{(address.Contains(':', StringComparison.Ordinal) ? 128 : 32)}";

    private string[] AddressesOf(uint address, string? address6) => Network6 is { } network
        ? [$"{Ipv4Network.ToText(address)}/32", $"{address6 ?? network.AddressFor(address)}/128"]
        : [$"{Ipv4Network.ToText(address)}/32"];
}
