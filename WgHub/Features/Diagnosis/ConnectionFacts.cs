using System.Net;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.WireGuard;

namespace WgHub.Features.Diagnosis;

/// <summary>All that a diagnosis goes by, gathered in one moment.</summary>
/// <param name="Peer">The spoke as the interface has it; null when it is not there, or there is no interface.</param>
/// <param name="OthersConnected">Number of other spokes with a handshake that is still good.</param>
/// <param name="EndpointAddresses">What the hub's public endpoint resolves to here; empty when it does not.</param>
/// <param name="Overlapping">A network that the hub's machine reaches by another interface although it is part of the tunnels' own.</param>
/// <param name="Moves">How often the spoke was seen from another address in the last minutes.</param>
/// <param name="Echo">What answered a moment ago; null when nothing was sent.</param>
internal sealed record ConnectionFacts(
    Spoke Spoke,
    HubConfig Hub,
    PeerSeen? Peer,
    long OthersConnected,
    IReadOnlyList<IPAddress> EndpointAddresses,
    Ipv4Network? Overlapping,
    int Moves,
    Echo? Echo,
    DateTimeOffset Now);

/// <summary>What came back through the tunnel.</summary>
/// <param name="Small">Something answered at all.</param>
/// <param name="Full">Something answered to a packet as large as the tunnel takes.</param>
internal sealed record Echo(bool Small, bool Full);
