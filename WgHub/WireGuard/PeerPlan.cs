namespace WgHub.WireGuard;

/// <summary>What must change so that the interface holds exactly the wanted peers.</summary>
/// <param name="Missing">Wanted, but not there.</param>
/// <param name="Changed">There, with other allowed IPs or another preshared key than wanted.</param>
/// <param name="Unwanted">There, and known to the hub as disabled or expired.</param>
/// <param name="Unknown">There, and not known to the hub.</param>
internal sealed record PeerPlan(
    IReadOnlyList<PublicKey> Missing,
    IReadOnlyList<PublicKey> Changed,
    IReadOnlyList<PublicKey> Unwanted,
    IReadOnlyList<PublicKey> Unknown)
{
    /// <summary>A pass may take off this share of the live peers without being asked.</summary>
    private const double RemovalShare = 0.2;

    /// <summary>As many may go in any case: on a small hub one stray peer is soon a fifth of all.</summary>
    private const int RemovalFloor = 2;

    public static readonly PeerPlan Nothing = new([], [], [], []);

    public bool IsEmpty => Missing.Count + Changed.Count + Unwanted.Count + Unknown.Count == 0;

    /// <summary>True when more unknown peers would go than can be an accident: rather the database has forgotten them.</summary>
    public bool IsMassRemoval(int live) => Unknown.Count > Math.Max(RemovalFloor, live * RemovalShare);

    /// <summary>What this plan and a later one agree on; what only one saw was a change on its way.</summary>
    public PeerPlan And(PeerPlan later)
    {
        var both = later.All().ToHashSet();
        return Without(key => !both.Contains(key));
    }

    public PeerPlan Without(Func<PublicKey, bool> excluded) => new(
        [.. Missing.Where(key => !excluded(key))],
        [.. Changed.Where(key => !excluded(key))],
        [.. Unwanted.Where(key => !excluded(key))],
        [.. Unknown.Where(key => !excluded(key))]);

    public IEnumerable<PublicKey> All() => [.. Missing, .. Changed, .. Unwanted, .. Unknown];
}
