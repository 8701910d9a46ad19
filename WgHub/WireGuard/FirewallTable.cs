namespace WgHub.WireGuard;

/// <summary>The firewall table as it was set last.</summary>
/// <param name="Members">Who is in its sets.</param>
/// <param name="Shape">The rest of it, as nft prints it.</param>
internal sealed record FirewallTable(DeviceSpec Spec, Dictionary<PublicKey, PeerZone> Members, string Shape)
{
    public bool IsFor(DeviceSpec spec) => spec.Mtu == Spec.Mtu && ReferenceEquals(spec.Policy, Spec.Policy);

    /// <summary>True when nothing of it would have to change.</summary>
    public bool Holds(DeviceSpec spec, Dictionary<PublicKey, PeerZone> members) =>
        IsFor(spec) && Members.Count == members.Count && members.All(one => Members.GetValueOrDefault(one.Key) == one.Value);

    public static Dictionary<PublicKey, PeerZone> MembersOf(IReadOnlyDictionary<PublicKey, PeerTarget?> peers) =>
        peers.Where(peer => peer.Value?.Zone is not null).ToDictionary(peer => peer.Key, peer => peer.Value!.Zone!);
}
