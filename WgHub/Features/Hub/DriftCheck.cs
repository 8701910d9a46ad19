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
        var present = new Dictionary<PublicKey, string>();
        var device = new WgDump(dump);
        while (device.MoveNext())
        {
            present[device.Current.Key] = Sorted(device.Current.AllowedIPs.ToText());
        }

        var known = peers.All().ToDictionary(
            peer => peer.Key,
            peer => peer.Value.IsWanted ? Sorted(hub.TargetFor(peer.Key, peer.Value.Address).AllowedIPs) : null);
        var plan = PeerPlan.Between(known, present);
        return (plan.IsEmpty ? plan : plan.Without(changes.IsPending), present.Count);
    }

    /// <summary>The kernel gives a peer's networks in an order of its own.</summary>
    private static string Sorted(string allowedIPs) =>
        allowedIPs.Contains(',', StringComparison.Ordinal) ? string.Join(',', allowedIPs.Split(',').Order(StringComparer.Ordinal)) : allowedIPs;
}
