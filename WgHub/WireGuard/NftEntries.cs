namespace WgHub.WireGuard;

/// <summary>Who stands in which set, and whose rules hold for whom.</summary>
internal sealed class NftEntries(NftRules rules, IEnumerable<PeerZone> members)
{
    private readonly HashSet<string> _chains = [.. rules.Zones.Select(zone => zone.Name)];
    private readonly IReadOnlyList<PeerZone> _members = [.. members];

    public IReadOnlyList<string> Sets { get; } =
        [.. rules.All.Select(rule => rule.To).OfType<NftTarget.Peers>().Select(peers => peers.Zone).Distinct().Order(StringComparer.Ordinal)];

    public IEnumerable<string> InSet(string zone, int family) =>
        _members.Where(member => member.Own == zone || member.Group == zone).Select(member => AddressOf(member, family)).OfType<string>();

    public IEnumerable<string> InMap(string map, int family) => _members
        .Select(member => (Chain: map == NftScript.Spokes ? member.Own : member.Group, Address: AddressOf(member, family)))
        .Where(entry => entry.Address is not null && entry.Chain is not null && _chains.Contains(entry.Chain))
        .Select(entry => $"{entry.Address} : {(map == NftScript.Spokes ? "jump" : "goto")} from_{entry.Chain}");

    private static string? AddressOf(PeerZone member, int family) => family == 4 ? member.Address : member.Address6;
}
