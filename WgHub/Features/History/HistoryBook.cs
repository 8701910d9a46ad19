using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.History;

/// <summary>The history that is in memory: the finest steps of the last hour, and what waits to be written.</summary>
internal sealed class HistoryBook(HistoryStore store, LivePeers live)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SpokeTrace> _traces = [];
    private (long Revision, IReadOnlyList<(string SpokeId, PublicKey Key)> Peers)? _known;

    /// <summary>From when on <see cref="HistoryStep.Recent"/> is known; null before the first look.</summary>
    public DateTimeOffset? RecentFrom { get; private set; }

    /// <summary>Held while something is written and forgotten here: whoever reads both sees it once.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Notes for each spoke what a look has found. What the look has not come to is noted nowhere.</summary>
    public void Note(HubId hub, DeviceReport report, DateTimeOffset? before)
    {
        var peers = Peers(hub);
        lock (_lock)
        {
            RecentFrom = RecentFrom is null || report.At < before ? report.At : RecentFrom;
            foreach (var (id, key) in peers)
            {
                if (live.Find(key) is not { } peer)
                {
                    continue;
                }

                if (!_traces.TryGetValue(id, out var trace))
                {
                    _traces[id] = trace = new(HistoryTotals.None);
                }

                trace.Look(report.At, report.Peers.ContainsKey(key) && IsConnected(peer, report.At), peer.ReceivedBytes, peer.SentBytes);
            }
        }
    }

    /// <summary>What the database has not yet, for writing; it stays here until <see cref="Forget"/>.</summary>
    public IReadOnlyList<UnsavedHistory> Freeze()
    {
        lock (_lock)
        {
            return [.. _traces.OrderBy(trace => trace.Key, StringComparer.Ordinal).Select(trace => new UnsavedHistory(
                trace.Key, trace.Value.Totals, trace.Value.Minutes.Freeze(), trace.Value.Hours.Freeze()))];
        }
    }

    public void Forget(IEnumerable<UnsavedHistory> saved)
    {
        lock (_lock)
        {
            foreach (var one in saved)
            {
                if (_traces.TryGetValue(one.SpokeId, out var trace))
                {
                    trace.Minutes.Forget();
                    trace.Hours.Forget();
                }
            }
        }
    }

    /// <summary>What is here of a spoke, by the numbers of the steps.</summary>
    public IReadOnlyList<(long Slot, HistoryPoint Point)> Of(string spokeId, HistoryStep step)
    {
        lock (_lock)
        {
            return !_traces.TryGetValue(spokeId, out var trace) ? [] : step == HistoryStep.Recent ? trace.Recent.All : trace.Of(step).All;
        }
    }

    /// <summary>As the spoke's status has it.</summary>
    private static bool IsConnected(PeerTraffic peer, DateTimeOffset at) =>
        peer.LastHandshake > at - Spoke.HandshakeLife && !(peer.LastHandshake < peer.HandshakesFrom);

    /// <summary>Read anew only when something was changed.</summary>
    private IReadOnlyList<(string SpokeId, PublicKey Key)> Peers(HubId hub)
    {
        var revision = store.Revision;
        if (_known is { } known && known.Revision == revision)
        {
            return known.Peers;
        }

        var peers = store.Peers(hub);
        var ids = peers.Select(peer => peer.SpokeId).ToHashSet();
        var isFirst = _known is null;
        var totals = isFirst ? store.Totals() : new Dictionary<string, HistoryTotals>();
        lock (_lock)
        {
            foreach (var gone in _traces.Keys.Where(id => !ids.Contains(id)).ToList())
            {
                _traces.Remove(gone);
            }

            foreach (var (id, total) in totals.Where(total => ids.Contains(total.Key)))
            {
                _traces[id] = new(total);
            }
        }

        _known = (revision, peers);
        return peers;
    }
}

/// <summary>What waits to be written of a spoke.</summary>
internal sealed record UnsavedHistory(
    string SpokeId, HistoryTotals Totals, IReadOnlyList<(long Slot, HistoryPoint Point)> Minutes, IReadOnlyList<(long Slot, HistoryPoint Point)> Hours)
{
    public IReadOnlyList<(long Slot, HistoryPoint Point)> Of(HistoryStep step) => step == HistoryStep.Minutes ? Minutes : Hours;
}
