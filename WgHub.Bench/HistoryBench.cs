using System.Diagnostics;
using System.Security.Cryptography;
using WgHub.Features.History;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Bench;

/// <summary>
/// What the history of 5,000 spokes costs: a day of looks, one after the other without waiting. Of ten spokes one moves megabytes, seven send
/// keepalives, two are away.
/// </summary>
internal static class HistoryBench
{
    private const int Spokes = 5_000;
    private const int Hours = 24;
    private const int SecondsALook = 10;
    private const int LooksASave = 60;

    public static async Task RunAsync(string folder, Report report)
    {
        var data = new DataDirectory(Directory.CreateDirectory(folder).FullName);
        using var database = new Database(data, TimeProvider.System);
        var live = new Features.Spokes.LivePeers(new EndpointMoves(TimeProvider.System));
        var store = new HistoryStore(database);
        var book = new HistoryBook(store, live);
        var keys = await AddAsync(database);
        var before = SizeOf(database, data);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var at = new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);
        var seen = keys.ToDictionary(key => key, key => new PeerSeen("", "", 0, 0, 0));
        var (note, save) = (TimeSpan.Zero, new Samples());
        for (var look = 0; look < Hours * 3600 / SecondsALook; look++, at = at.AddSeconds(SecondsALook))
        {
            Move(live, keys, look, at);
            var started = Stopwatch.GetTimestamp();
            book.Note(database.OwnHub, new(at, look + 1, "life", seen, PeerPlan.Nothing, null), at.AddSeconds(-SecondsALook));
            note += Stopwatch.GetElapsedTime(started);
            if (look % LooksASave == LooksASave - 1)
            {
                started = Stopwatch.GetTimestamp();
                await store.SaveAsync(book.Freeze(), book.Gate, book.Forget, CancellationToken.None);
                save.Add(Stopwatch.GetElapsedTime(started));
            }
        }

        report.Fact($"history, {Spokes:N0} spokes: a look", $"{note.TotalMilliseconds / (Hours * 3600 / SecondsALook):F2} ms in {SecondsALook} s");
        report.Fact($"history, {Spokes:N0} spokes: writing, p50", $"{save.Median:F0} ms in ten minutes");
        report.Fact($"history, {Spokes:N0} spokes: memory", $"{(GC.GetTotalMemory(forceFullCollection: true) - memory) / 1048576.0:F1} MiB");
        report.Fact($"history, {Spokes:N0} spokes: a day in the database", $"{(SizeOf(database, data) - before) / 1048576.0:F1} MiB");
        foreach (var step in HistoryStep.Kept)
        {
            report.Fact(
                $"of that, steps of {step.Seconds} s",
                $"{database.Read(tx => tx.Count($"select sum(length(points) + 100) from spoke_history where step = {step.Seconds}")) / 1048576.0:F1} MiB");
        }

        var reading = Stopwatch.GetTimestamp();
        store.Points("00042", HistoryStep.Minutes, at.AddHours(-24), at);
        report.Fact($"a day of minutes of one spoke", $"{Stopwatch.GetElapsedTime(reading).TotalMilliseconds:F1} ms");
        reading = Stopwatch.GetTimestamp();
        store.Points("00042", HistoryStep.Hours, at.AddDays(-400), at);
        report.Fact($"400 days of hours of one spoke", $"{Stopwatch.GetElapsedTime(reading).TotalMilliseconds:F1} ms");
    }

    private static void Move(Features.Spokes.LivePeers live, PublicKey[] keys, int look, DateTimeOffset at)
    {
        for (var spoke = 0; spoke < keys.Length; spoke++)
        {
            var (kind, before) = (spoke % 10, live.Find(keys[spoke]));
            if (before is null)
            {
                live.Set(new(keys[spoke], "life", 0, 0, 0, 0, kind < 8 ? at : null, ""));
            }
            else if (kind < 8 && (kind == 0 || (look + spoke) % 5 < 2))
            {
                var bytes = kind == 0 ? RandomNumberGenerator.GetInt32(20_000_000) : 32;
                live.TryReplace(before, before with
                {
                    ReceivedBytes = before.ReceivedBytes + bytes,
                    SentBytes = before.SentBytes + (kind == 0 ? bytes / 7 : 32 * ((look + spoke) % 3)),
                    LastHandshake = look % 12 == spoke % 12 ? at : before.LastHandshake,
                });
            }
        }
    }

    private static async Task<PublicKey[]> AddAsync(Database database)
    {
        PublicKey[] keys = [.. Enumerable.Range(0, Spokes).Select(_ => PublicKey.Parse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))))];
        (string Id, PublicKey Key, int Slot)[] all = [.. keys.Select((key, slot) => ($"{slot:D5}", key, slot))];
        await database.WriteAsync(
            tx =>
            {
                tx.ExecuteEach(all, one => $"""
                    insert into leases (spoke_id, hub_id, name, name_key, slot, address) values ({one.Id}, {tx.OwnHub}, {one.Id}, {one.Id}, {one.Slot}, '')
                    """);
                tx.ExecuteEach(all, one => $"""
                    insert into spokes (id, hub_id, token_id, os, enabled, notes, metadata, registered_at)
                    values ({one.Id}, {tx.OwnHub}, '', 'linux', true, '', '{new SqlPart("{}")}', {tx.Now})
                    """);
                tx.ExecuteEach(all, one => $"""
                    insert into peers (hub_id, public_key, spoke_id, counter_received, counter_sent, received_bytes, sent_bytes)
                    values ({tx.OwnHub}, {one.Key.ToString()}, {one.Id}, 0, 0, 0, 0)
                    """);
            },
            CancellationToken.None);
        return keys;
    }

    /// <summary>Of what is in use: the file and its log may be larger.</summary>
    private static long SizeOf(Database database, DataDirectory data)
    {
        var copy = data.DatabaseFile + ".copy";
        database.CopyTo(copy);
        var size = new FileInfo(copy).Length;
        File.Delete(copy);
        return size;
    }
}
