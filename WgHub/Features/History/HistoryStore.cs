using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.History;

/// <summary>
/// The tables of the history. A row is a block of one spoke; rows lie in the order of time, so that those which grow together lie together:
/// by spoke first, each writing would touch a page for every spoke.
/// </summary>
internal sealed class HistoryStore(Database database)
{
    /// <summary>Spokes in one write: registrations that wait behind it wait a few milliseconds at most.</summary>
    private const int SpokesPerWrite = 100;

    public long Revision => database.Revision;

    public IReadOnlyList<(string SpokeId, PublicKey Key)> Peers(HubId hub) => database.Read(tx => tx.Query(
        $"select spoke_id, public_key from peers where hub_id = {hub}", row => (row.Text("spoke_id"), PublicKey.Parse(row.Text("public_key")))));

    public IReadOnlyDictionary<string, HistoryTotals> Totals() => database.Read(tx => tx.Query(
        $"select spoke_id, at, received_bytes, sent_bytes from history_totals",
        row => KeyValuePair.Create(row.Text("spoke_id"), new HistoryTotals(row.Time("at"), row.Number("received_bytes"), row.Number("sent_bytes"))))
        .ToDictionary());

    /// <summary>The points of a spoke from one moment to another, both as blocks have them: there may be more than was asked for.</summary>
    public IReadOnlyList<(long Slot, HistoryPoint Point)> Points(string spokeId, HistoryStep step, DateTimeOffset from, DateTimeOffset to) =>
        database.Read(tx => Points(tx, spokeId, step, from, to).ToList());

    /// <summary>Adds what is new to what is there. Spokes that are gone meanwhile are passed over.</summary>
    /// <param name="gate">Held for each part, until <paramref name="saved"/> was told of it.</param>
    public async Task SaveAsync(
        IReadOnlyList<UnsavedHistory> all, SemaphoreSlim gate, Action<IReadOnlyList<UnsavedHistory>> saved, CancellationToken cancellationToken)
    {
        foreach (var chunk in all.Chunk(SpokesPerWrite))
        {
            await gate.WaitAsync(cancellationToken);
            try
            {
                await database.NoteAsync(tx => Save(tx, chunk), cancellationToken);
                saved(chunk);
            }
            finally
            {
                gate.Release();
            }
        }
    }

    /// <summary>Takes away blocks that end before a moment, all of one age at a time.</summary>
    public async Task PruneAsync(HistoryStep step, DateTimeOffset before, CancellationToken cancellationToken)
    {
        while (database.Read(tx => Oldest(tx, step)) is { } oldest && step.BlockAfter(oldest) <= before)
        {
            await database.NoteAsync(
                tx => tx.Execute($"delete from spoke_history where step = {step.Seconds} and starts_at = {oldest}"), cancellationToken);
        }
    }

    /// <summary>Takes away what is left of spokes that are gone.</summary>
    public async Task ForgetGoneAsync(CancellationToken cancellationToken)
    {
        foreach (var id in database.Read(tx => tx.Query(
            $"select spoke_id from history_totals where not exists (select 1 from spokes where spokes.id = history_totals.spoke_id)",
            row => row.Text("spoke_id"))))
        {
            await database.NoteAsync(tx => Forget(tx, id), cancellationToken);
        }
    }

    private static IEnumerable<(long Slot, HistoryPoint Point)> Points(Tx tx, string spokeId, HistoryStep step, DateTimeOffset from, DateTimeOffset to)
    {
        for (var block = step.BlockOf(from); block <= to; block = step.BlockAfter(block))
        {
            // One by one, by the whole key: a range of time would go through the rows of all spokes.
            var text = tx.First(
                $"select points from spoke_history where step = {step.Seconds} and starts_at = {block} and spoke_id = {spokeId}", row => row.Text("points"));
            foreach (var (at, point) in PackedPoints.In(text ?? "").Index())
            {
                yield return (step.SlotOf(block) + at, point);
            }
        }
    }

    private static DateTimeOffset? Oldest(Tx tx, HistoryStep step) =>
        tx.Query($"select starts_at from spoke_history where step = {step.Seconds} order by starts_at limit 1", row => row.Time("starts_at")) is [var at]
            ? at
            : null;

    private static void Save(Tx tx, IReadOnlyList<UnsavedHistory> chunk)
    {
        var (first, last) = (chunk[0].SpokeId, chunk[^1].SpokeId);
        var there = tx.Query($"select id from spokes where id >= {first} and id <= {last}", row => row.Text("id")).ToHashSet();
        var alive = chunk.Where(one => there.Contains(one.SpokeId)).ToList();
        foreach (var step in HistoryStep.Kept)
        {
            var blocks = alive.SelectMany(one => one.Of(step), (one, point) => (one.SpokeId, Block: step.BlockOf(point.Slot), point.Slot, point.Point))
                .GroupBy(point => point.Block);
            foreach (var block in blocks)
            {
                Save(tx, step, block.Key, [.. block.Select(point => (point.SpokeId, point.Slot, point.Point))]);
            }
        }

        tx.ExecuteEach([.. alive.Where(one => one.Totals.At is not null)], one =>
            $"""
            insert into history_totals (spoke_id, at, received_bytes, sent_bytes)
            values ({one.SpokeId}, {one.Totals.At}, {one.Totals.ReceivedBytes}, {one.Totals.SentBytes})
            on conflict (spoke_id) do update set at = excluded.at, received_bytes = excluded.received_bytes, sent_bytes = excluded.sent_bytes
            """);
    }

    private static void Save(Tx tx, HistoryStep step, DateTimeOffset block, IReadOnlyList<(string SpokeId, long Slot, HistoryPoint Point)> points)
    {
        var before = tx.Query(
            $"""
            select spoke_id, points from spoke_history
            where step = {step.Seconds} and starts_at = {block} and spoke_id >= {points[0].SpokeId} and spoke_id <= {points[^1].SpokeId}
            """,
            row => KeyValuePair.Create(row.Text("spoke_id"), row.Text("points"))).ToDictionary();
        var first = step.SlotOf(block);
        var rows = points.GroupBy(point => point.SpokeId).Select(one => (SpokeId: one.Key, Points: Merged(
            PackedPoints.In(before.GetValueOrDefault(one.Key) ?? ""), one.Select(point => ((int)(point.Slot - first), point.Point)))));
        tx.ExecuteEach([.. rows], row =>
            $"""
            insert into spoke_history (step, starts_at, spoke_id, points) values ({step.Seconds}, {block}, {row.SpokeId}, {row.Points})
            on conflict (step, starts_at, spoke_id) do update set points = excluded.points
            """);
    }

    private static string Merged(IEnumerable<HistoryPoint> before, IEnumerable<(int At, HistoryPoint Point)> more)
    {
        var points = before.ToList();
        foreach (var (at, point) in more)
        {
            points.AddRange(Enumerable.Repeat(default(HistoryPoint), Math.Max(0, at + 1 - points.Count)));
            points[at] = points[at].Plus(point);
        }

        return PackedPoints.TextOf(points);
    }

    /// <summary>From age to age along the index, a few hundred: the rows of other spokes are not looked at.</summary>
    private static void Forget(Tx tx, string spokeId)
    {
        foreach (var step in HistoryStep.Kept)
        {
            tx.Execute(
                $"""
                with recursive ages (at) as (
                    select min(starts_at) from spoke_history where step = {step.Seconds}
                    union all
                    select (select min(starts_at) from spoke_history where step = {step.Seconds} and starts_at > ages.at) from ages where at is not null
                )
                delete from spoke_history where step = {step.Seconds} and spoke_id = {spokeId} and starts_at in (select at from ages where at is not null)
                """);
        }

        tx.Execute($"delete from history_totals where spoke_id = {spokeId}");
    }
}
