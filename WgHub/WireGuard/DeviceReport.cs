namespace WgHub.WireGuard;

/// <summary>What one look at an interface has found. What crosses back from the machine that has it.</summary>
/// <param name="Look">Higher than that of every look before, also where the clock was set back.</param>
/// <param name="Generation">Which life of the interface: counters of two lives cannot be compared. Empty when there is none.</param>
/// <param name="Drift">How its peers differ from the wanted ones; nothing when they were not compared.</param>
/// <param name="Failure">What wg said; null when it answered. Then there are no peers.</param>
internal sealed record DeviceReport(
    DateTimeOffset At, long Look, string Generation, IReadOnlyDictionary<PublicKey, PeerSeen> Peers, PeerPlan Drift, string? Failure)
{
    /// <summary>True when the link is up and has its key and its port: peers can reach it.</summary>
    public bool IsUp { get; init; }

    /// <summary>What the firewall has counted, and whether somebody had changed it; nothing when the look did not go there.</summary>
    public FirewallLook Firewall { get; init; } = FirewallLook.Nothing;

    /// <summary>What could not be made as wanted, in sentences.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}

/// <summary>A peer as the interface has seen it in this life. The same object as in the report before, where nothing changed.</summary>
/// <param name="Endpoint">Address and port it was last seen at; empty for never.</param>
/// <param name="AllowedIPs">Comma-separated CIDR blocks; empty for none.</param>
/// <param name="LatestHandshakeSeconds">Unix time; 0 for never.</param>
/// <param name="ReceivedBytes">Since the peer was put there. WireGuard counts only what the peer's key has signed.</param>
internal sealed record PeerSeen(string Endpoint, string AllowedIPs, long LatestHandshakeSeconds, long ReceivedBytes, long SentBytes);
