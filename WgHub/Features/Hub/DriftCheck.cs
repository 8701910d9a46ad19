using WgHub.Features.Spokes;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>Compares a dump of the interface with the database.</summary>
internal sealed class DriftCheck(PeerStore peers, PeerChanges changes)
{
    /// <param name="dump">Output of <c>wg show … dump</c>.</param>
    /// <returns>The difference without what is just being changed, and the number of peers on the interface.</returns>
    public (PeerPlan Plan, int Live) Compare(HubConfig hub, ReadOnlySpan<byte> dump)
    {
        var present = new Dictionary<PublicKey, PeerTarget>();
        var device = new WgDump(dump);
        while (device.MoveNext())
        {
            present[device.Current.Key] = PeerOf(device.Current);
        }

        var known = peers.All().ToDictionary(
            peer => peer.Key,
            peer => peer.IsWanted ? WithSortedIPs(hub.TargetFor(peer)) : null);
        var plan = PeerPlan.Between(known, present);
        return (plan.IsEmpty ? plan : plan.Without(changes.IsPending), present.Count);
    }

    private static PeerTarget PeerOf(WgPeerLine line) =>
        WithSortedIPs(new(line.Key, line.AllowedIPs.ToText(), line.PresharedKey.IsEmpty ? null : new(line.PresharedKey.ToText())));

    /// <summary>The kernel gives a peer's networks in an order of its own.</summary>
    private static PeerTarget WithSortedIPs(PeerTarget peer) =>
        peer.AllowedIPs.Contains(',', StringComparison.Ordinal) ? peer with { AllowedIPs = string.Join(',', peer.AllowedIPs.Split(',').Order(StringComparer.Ordinal)) } : peer;
}
