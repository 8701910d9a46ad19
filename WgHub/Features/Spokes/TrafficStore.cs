using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>A peer's counters as they are kept over restarts of the hub, the interface and the machine.</summary>
/// <param name="Generation">Which life of the interface the counters belong to; null before the first look.</param>
/// <param name="CounterReceived">The interface's own counter, bytes.</param>
/// <param name="ReceivedBytes">Total over all lives of the interface.</param>
internal sealed record PeerTraffic(
    PublicKey Key,
    string? Generation,
    long CounterReceived,
    long CounterSent,
    long ReceivedBytes,
    long SentBytes,
    DateTimeOffset? LastHandshake,
    string? Endpoint)
{
    /// <inheritdoc cref="Spoke.HandshakesFrom"/>
    public DateTimeOffset? HandshakesFrom { get; init; }
}

/// <summary>Keeps handshakes and traffic totals.</summary>
internal sealed class TrafficStore(Database database)
{
    /// <summary>Rows in one write: registrations that wait behind it wait a few milliseconds at most.</summary>
    private const int RowsPerWrite = 200;

    public IReadOnlyList<PeerTraffic> List(HubId hub) => database.Read(tx => tx.Query(
        $"""
        select public_key, generation, counter_received, counter_sent, received_bytes, sent_bytes, last_handshake_at, endpoint, handshakes_from
        from peers where hub_id = {hub}
        """,
        Map));

    /// <summary>What each spoke is called, with its counters, by name.</summary>
    public IReadOnlyList<(string Name, PeerTraffic Traffic)> Named(HubId hub) => database.Read(tx => tx.Query(
        $"""
        select leases.name, public_key, generation, counter_received, counter_sent, received_bytes, sent_bytes, last_handshake_at, endpoint,
            handshakes_from
        from peers join leases on leases.spoke_id = peers.spoke_id where peers.hub_id = {hub} order by leases.name_key
        """,
        row => (row.Text("name"), Map(row))));

    /// <summary>How many spokes of each system are in each state.</summary>
    public IReadOnlyList<(string Os, SpokeStatus Status, long Count)> Counts() => database.Read(tx => tx.Query(
        $"""
        select os, status, count(*) as many from (
            select spokes.os, {SpokeConditions.StatusName(tx.Now)} as status
            from spokes join peers on peers.spoke_id = spokes.id and peers.hub_id = spokes.hub_id) as each_one
        group by os, status order by os, status
        """,
        row => (row.Text("os"), Enum.Parse<SpokeStatus>(row.Text("status")), row.Number("many"))));

    /// <summary>Spokes whose last handshake was after the first and not after the second time.</summary>
    public IReadOnlyList<(string Id, string Name)> FellSilent(DateTimeOffset after, DateTimeOffset until) => database.Read(tx => tx.Query(
        $"""
        select leases.spoke_id, leases.name from peers join leases on leases.spoke_id = peers.spoke_id
        where last_handshake_at > {after} and last_handshake_at <= {until} order by leases.name
        """,
        row => (row.Text("spoke_id"), row.Text("name"))));

    /// <summary>
    /// Spokes without a handshake since before a moment, and those that came before it and never had one. Not those that carry a network or stand
    /// by for it: whoever is behind them is not asked.
    /// </summary>
    /// <param name="alsoDisabled">False: only those that are switched on.</param>
    public static IReadOnlyList<(string Id, string Name)> Inactive(Tx tx, DateTimeOffset before, bool alsoDisabled) => tx.Query(
        $"""
        select spokes.id, leases.name from spokes join leases on leases.spoke_id = spokes.id
            join peers on peers.spoke_id = spokes.id and peers.hub_id = spokes.hub_id
        where spokes.registered_at < {before} and coalesce(last_handshake_at, 0) < {before} and (spokes.enabled or {alsoDisabled})
            and not exists (select 1 from networks where via_spoke_id = spokes.id or standby_spoke_id = spokes.id or active_spoke_id = spokes.id)
        order by leases.name_key
        """,
        row => (row.Text("id"), row.Text("name")));

    /// <summary>Writes what changed. Peers that are gone meanwhile are passed over.</summary>
    public async Task SaveAsync(HubId hub, IReadOnlyList<PeerTraffic> changed, CancellationToken cancellationToken)
    {
        foreach (var chunk in changed.Chunk(RowsPerWrite))
        {
            await database.NoteAsync(
                tx => tx.ExecuteEach(
                    chunk,
                    peer =>
                        $"""
                        update peers set generation = {peer.Generation}, counter_received = {peer.CounterReceived}, counter_sent = {peer.CounterSent},
                            received_bytes = {peer.ReceivedBytes}, sent_bytes = {peer.SentBytes},
                            last_handshake_at = {peer.LastHandshake}, endpoint = {peer.Endpoint},
                            handshakes_from = case when handshakes_from >= coalesce({peer.HandshakesFrom}, 0) then handshakes_from
                                else {peer.HandshakesFrom} end
                        where hub_id = {hub} and public_key = {peer.Key.ToString()}
                        """),
                cancellationToken);
        }
    }

    private static PeerTraffic Map(Row row) => new(
        PublicKey.Parse(row.Text("public_key")), row.TextOrNull("generation"), row.Number("counter_received"),
        row.Number("counter_sent"), row.Number("received_bytes"), row.Number("sent_bytes"), row.TimeOrNull("last_handshake_at"),
        row.TextOrNull("endpoint"))
    {
        HandshakesFrom = row.TimeOrNull("handshakes_from"),
    };
}
