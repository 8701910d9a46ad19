using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Scripts;

/// <summary>What a spoke is told of its tunnel: everything but the private key, which is its own.</summary>
/// <param name="Addresses">The spoke's own with full prefix: IPv4, then IPv6 where the hub has it.</param>
/// <param name="Dns">Addresses; empty for none.</param>
/// <param name="PresharedKey">Null for none.</param>
/// <param name="Networks">What it routes to the hub: IPv4, then IPv6 where the hub has it.</param>
internal sealed record TunnelFacts(
    string Name,
    IReadOnlyList<string> Addresses,
    IReadOnlyList<string> Dns,
    int Mtu,
    PublicKey HubKey,
    Secret? PresharedKey,
    IReadOnlyList<string> Networks,
    WgEndpoint Endpoint,
    WgEndpoint? PrivateEndpoint,
    int KeepaliveSeconds);
