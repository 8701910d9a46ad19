using WgHub.Storage;

namespace WgHub.Features.Spokes;

/// <param name="IsByLine">True when a line brought it here, with what that sets up.</param>
/// <param name="IsConnected">At this moment, as the last look at the interface had it.</param>
internal sealed record SpokeReach(string Id, string Name, string Os, bool IsByLine, bool IsConnected);

/// <summary>Who is let in, and how each can be reached with news.</summary>
internal sealed class SpokeReachStore(Database database)
{
    /// <summary>In JSON: no text of a spoke's own holds a bare quotation mark there.</summary>
    private const string VersionFact = "\"wireguardVersion\":";

    /// <summary>By name. What a line brought here has told the version of its WireGuard; nobody else does.</summary>
    public IReadOnlyList<SpokeReach> List(HubId hub) => database.Read(tx => tx.Query(
        $"""
        select spokes.id, leases.name, spokes.os,
            case when {SpokeConditions.StatusIs(SpokeStatus.Active, tx.Now)} then 1 else 0 end as connected,
            case when spokes.token_id <> '' and {Sql.Contains("spokes.metadata", VersionFact)} then 1 else 0 end as by_line
        from spokes join peers on peers.spoke_id = spokes.id and peers.hub_id = spokes.hub_id join leases on leases.spoke_id = spokes.id
        where spokes.hub_id = {hub} and {PeerStore.IsWanted(tx.Now)}
        order by leases.name_key
        """,
        row => new SpokeReach(row.Text("id"), row.Text("name"), row.Text("os"), row.Flag("by_line"), row.Flag("connected"))));
}
