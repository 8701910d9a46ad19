using System.Net;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.WireGuard;

namespace WgHub.Features.Diagnosis;

/// <summary>All that a diagnosis goes by, gathered in one moment.</summary>
internal sealed record ConnectionFacts
{
    public required Spoke Spoke { get; init; }

    public required HubConfig Hub { get; init; }

    /// <summary>The spoke as the interface has it; null when it is not there, or there is no interface.</summary>
    public required PeerSeen? Peer { get; init; }

    /// <summary>True when a rule lets it reach something besides the hub itself.</summary>
    public required bool ReachesOthers { get; init; }

    /// <summary>Number of other spokes with a handshake that is still good.</summary>
    public required long OthersConnected { get; init; }

    /// <summary>What the hub's public endpoint resolves to here; empty when it does not.</summary>
    public required IReadOnlyList<IPAddress> EndpointAddresses { get; init; }

    /// <summary>A network that the hub's machine reaches by another interface although it is part of the tunnels' own.</summary>
    public required Ipv4Network? Overlapping { get; init; }

    /// <summary>How often the spoke was seen from another address in the last minutes.</summary>
    public required int Moves { get; init; }

    /// <summary>What answered a moment ago; null when nothing was sent.</summary>
    public required Echo? Echo { get; init; }

    public required DateTimeOffset Now { get; init; }
}

/// <summary>What came back through the tunnel.</summary>
/// <param name="Small">Something answered at all.</param>
/// <param name="Full">Something answered to a packet as large as the tunnel takes.</param>
internal sealed record Echo(bool Small, bool Full);
