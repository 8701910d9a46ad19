using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Notifications;

/// <summary>A spoke that should be on the interface, under one of its keys.</summary>
internal sealed record WatchedPeer(string SpokeId, string Name, string? Group, PublicKey Key, DateTimeOffset? ExpiresAt);

/// <summary>The tables of who is connected.</summary>
internal sealed class PresenceStore(Database database)
{
    private (long Revision, IReadOnlyList<WatchedPeer> Peers)? _peers;

    /// <summary>All that are switched on, also those that are over; read anew only when something was changed.</summary>
    public IReadOnlyList<WatchedPeer> Peers()
    {
        var revision = database.Revision;
        if (_peers is not { } known || known.Revision != revision)
        {
            _peers = known = (revision, database.Read(Peers));
        }

        return known.Peers;
    }

    public Dictionary<string, Presence> Load() => database.Read(tx => tx.Query(
        $"select spoke_id, connected, since, changes from spoke_presence",
        row => KeyValuePair.Create(row.Text("spoke_id"), new Presence(row.Flag("connected"), row.Time("since"), row.Int("changes")))).ToDictionary());

    /// <returns>Null when nobody has ever looked.</returns>
    public DateTimeOffset? LastLook(HubId hub) => database.Read(tx =>
        tx.Query($"select looked_at from presence_looks where hub_id = {hub}", row => row.Time("looked_at")) is [var at] ? at : (DateTimeOffset?)null);

    /// <summary>How each stands now, and what is told of it, in one step. Spokes that are gone meanwhile are passed over.</summary>
    public Task SaveAsync(
        HubId hub, DateTimeOffset lookedAt, IReadOnlyDictionary<string, Presence> changed,
        IReadOnlyList<(WatchedPeer Spoke, NotifiedEvent Event, int Changes)> told, CancellationToken cancellationToken) => database.NoteAsync(
        tx =>
        {
            tx.Execute(
                $"""
                insert into presence_looks (hub_id, looked_at) values ({hub}, {lookedAt})
                on conflict (hub_id) do update set looked_at = excluded.looked_at
                """);
            var there = changed.Where(one => tx.Exists($"select 1 from spokes where id = {one.Key}")).ToList();
            tx.ExecuteEach(there, one =>
                $"""
                insert into spoke_presence (spoke_id, connected, since, changes)
                values ({one.Key}, {one.Value.IsConnected}, {one.Value.Since}, {one.Value.Changes})
                on conflict (spoke_id) do update set connected = excluded.connected, since = excluded.since, changes = excluded.changes
                """);
            var ids = there.Select(one => one.Key).ToHashSet();
            HappeningStore.Add(tx, [.. told.Where(one => ids.Contains(one.Spoke.SpokeId)).Select(one => Told(tx, one))]);
        },
        cancellationToken);

    private static Occurrence Told(Tx tx, (WatchedPeer Spoke, NotifiedEvent Event, int Changes) one) =>
        HappeningStore.Make(tx, one.Event, one.Changes > Presence.ToldChanges ? FormattableString.Invariant($$"""{"changes":{{one.Changes}}}""") : "{}") with
        {
            SubjectId = one.Spoke.SpokeId,
            SubjectName = one.Spoke.Name,
            Group = one.Spoke.Group,
        };

    /// <summary>A spoke that changes its key has two.</summary>
    private static List<WatchedPeer> Peers(Tx tx) => tx.Query(
        $"""
        select spokes.id, leases.name, spokes.group_name, spokes.expires_at, peers.public_key
        from spokes join leases on leases.spoke_id = spokes.id join peers on peers.spoke_id = spokes.id and peers.hub_id = spokes.hub_id
        where spokes.hub_id = {tx.OwnHub} and spokes.enabled
        union all
        select spokes.id, leases.name, spokes.group_name, spokes.expires_at, spoke_rotations.public_key
        from spoke_rotations join spokes on spokes.id = spoke_rotations.spoke_id join leases on leases.spoke_id = spokes.id
        where spokes.hub_id = {tx.OwnHub} and spokes.enabled
        """,
        row => new WatchedPeer(
            row.Text("id"), row.Text("name"), row.TextOrNull("group_name"), PublicKey.Parse(row.Text("public_key")), row.TimeOrNull("expires_at")));
}
