using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Scripts;

/// <summary>What a spoke is told of its tunnel: everything but the private key, which is its own.</summary>
internal sealed record TunnelFacts
{
    /// <summary>The spoke's.</summary>
    public required string Name { get; init; }

    /// <summary>The spoke's own with full prefix: IPv4, then IPv6 where the hub has it.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Addresses; empty for none.</summary>
    public required IReadOnlyList<string> Dns { get; init; }

    /// <summary>What names are searched in, beside the servers; null for nothing.</summary>
    public string? SearchDomain { get; init; }

    public required int Mtu { get; init; }

    public required PublicKey HubKey { get; init; }

    /// <summary>Null for none.</summary>
    public required Secret? PresharedKey { get; init; }

    /// <summary>What the spoke routes to the hub, an IPv4 one first.</summary>
    public required IReadOnlyList<string> Networks { get; init; }

    public bool RoutesEverything => Networks.Any(network => network.EndsWith("/0", StringComparison.Ordinal));

    /// <summary>Networks behind the spoke, which it leads what comes through the tunnel to.</summary>
    public IReadOnlyList<string> Behind { get; init; } = [];

    /// <summary>Those of <see cref="Behind"/> whose hosts see the spoke's own address.</summary>
    public IReadOnlyList<string> Masqueraded { get; init; } = [];

    public required WgEndpoint Endpoint { get; init; }

    public required WgEndpoint? PrivateEndpoint { get; init; }

    public required int KeepaliveSeconds { get; init; }
}
