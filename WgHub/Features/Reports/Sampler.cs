using Microsoft.Extensions.Options;
using WgHub.Features.Spokes;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Reports;

/// <summary>
/// Counts what the reports tell of handshakes and traffic. While somebody looks it asks for a report every few seconds; else it counts
/// those that the reconciler makes anyway. Handshakes go to the database at once, traffic totals twice a minute; nothing is lost
/// between, since the interface counts on.
/// </summary>
internal sealed class Sampler(
    TrafficStore store, LivePeers live, HubReports reports, Onlookers onlookers, TimeProvider time, IOptions<WireGuardOptions> options, ILogger<Sampler> logger)
    : Loop(TimeSpan.FromSeconds(options.Value.SampleSeconds), new(), time, logger)
{
    private static readonly TimeSpan TotalsEvery = TimeSpan.FromSeconds(30);

    /// <summary>A page that waits for a look rather shows what was than wait for a wg that hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _saving = new(1, 1);
    private readonly Dictionary<PublicKey, PeerTraffic> _unsaved = [];
    private readonly HashSet<PublicKey> _urgent = [];
    private readonly TimeProvider _time = time;
    private DeviceReport? _counted;
    private DateTimeOffset _savedAt;

    public override Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (onlookers.AreThere)
        {
            return LookAsync(cancellationToken);
        }

        Count(reports.Last);
        return SaveAsync(cancellationToken);
    }

    /// <summary>Looks at the interface now, and counts.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        Count(await reports.ReadAsync(isCompared: false, cancellationToken));
        await SaveAsync(cancellationToken);
    }

    /// <summary>Somebody looks. Where nobody did for a while, the first one waits for a look of now.</summary>
    public async Task ShowAsync(CancellationToken cancellationToken)
    {
        onlookers.Come();
        if (reports.Last is { } last && _time.GetUtcNow() - last.At < TimeSpan.FromSeconds(options.Value.SampleSeconds * 1.5))
        {
            Count(last); // it may be the reconciler's, which nobody has counted yet
            return;
        }

        try
        {
            await LookAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Shown as it was; the look goes on, and the next request has it.
        }
    }

    /// <summary>Counts the last report, and returns the newest that was counted; null before the first one.</summary>
    public DeviceReport? CountLast()
    {
        Count(reports.Last);
        lock (_lock)
        {
            return _counted;
        }
    }

    /// <summary>Writes down what went through a peer up to this report, before it counts no more.</summary>
    public async Task SettleAsync(DeviceReport report, PublicKey key, CancellationToken cancellationToken)
    {
        Count(report);
        if (live.Find(key) is { } peer)
        {
            await store.SaveAsync(reports.Hub, [peer], cancellationToken);
        }
    }

    /// <summary>Forgets a peer whose key is another now.</summary>
    public void Forget(PublicKey key) => live.Remove(key);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Count(reports.Last);
        _savedAt = DateTimeOffset.MinValue;
        try
        {
            await SaveAsync(cancellationToken);
        }
        catch (StorageException)
        {
            // A full disk, or no database any more: a stop is a stop. The interface counts on, and the next start reads it.
        }
    }

    public override void Dispose()
    {
        _saving.Dispose();
        base.Dispose();
    }

    private void Count(DeviceReport? report)
    {
        lock (_lock)
        {
            if (_savedAt == default)
            {
                Load();
                _savedAt = _time.GetUtcNow();
            }

            if (report is { Failure: null } && (_counted is null || report.Look > _counted.Look))
            {
                Count(report, _counted?.Generation == report.Generation ? _counted : null);
                _counted = report;
            }
        }
    }

    /// <param name="before">The report counted last; null when it tells of another life.</param>
    private void Count(DeviceReport report, DeviceReport? before)
    {
        var isLoaded = false;
        foreach (var (key, seen) in report.Peers)
        {
            if (before is not null && before.Peers.TryGetValue(key, out var same) && ReferenceEquals(same, seen))
            {
                continue;
            }

            if (live.Find(key) is null && !isLoaded)
            {
                Load(); // registered since, or a peer that is not ours: the database knows
                isLoaded = true;
            }

            if (live.Find(key) is not { } peer)
            {
                continue;
            }

            var next = PeerCounting.Next(peer, seen, report.Generation);
            if (!ReferenceEquals(next, peer) && live.TryReplace(peer, next))
            {
                _unsaved[key] = next;
                if (next.LastHandshake != peer.LastHandshake || next.HandshakesFrom != peer.HandshakesFrom)
                {
                    _urgent.Add(key); // a spoke's status follows it
                }
            }
        }
    }

    private void Load()
    {
        foreach (var peer in store.List(reports.Hub).Where(peer => live.Find(peer.Key) is null))
        {
            live.Set(peer);
        }
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        await _saving.WaitAsync(cancellationToken);
        try
        {
            var now = _time.GetUtcNow();
            var isAll = now - _savedAt > TotalsEvery;
            var due = Due(isAll);
            await store.SaveAsync(reports.Hub, due, cancellationToken);
            Forget(due);
            _savedAt = isAll ? now : _savedAt;
        }
        finally
        {
            _saving.Release();
        }
    }

    private IReadOnlyList<PeerTraffic> Due(bool isAll)
    {
        lock (_lock)
        {
            // A spoke that was removed meanwhile may have come again with its key: its new row begins at zero.
            var due = isAll ? _unsaved.Values : _urgent.Select(key => _unsaved.GetValueOrDefault(key)).OfType<PeerTraffic>();
            return [.. due.Where(peer => ReferenceEquals(live.Find(peer.Key), peer))];
        }
    }

    /// <summary>What changed again while it was written stays; so does nothing that is gone.</summary>
    private void Forget(IReadOnlyList<PeerTraffic> saved)
    {
        lock (_lock)
        {
            foreach (var peer in saved.Where(peer => ReferenceEquals(_unsaved.GetValueOrDefault(peer.Key), peer)))
            {
                _unsaved.Remove(peer.Key);
            }

            _urgent.IntersectWith(_unsaved.Keys);
        }
    }
}
