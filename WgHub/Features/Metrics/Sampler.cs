using System.Buffers;
using Microsoft.Extensions.Options;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Metrics;

/// <summary>
/// Looks at the interface every few seconds: one dump, read in place. A peer that did not change costs no memory. Handshakes go to the
/// database at once, traffic totals twice a minute; nothing is lost between, since the interface counts on.
/// </summary>
internal sealed class Sampler(
    TrafficStore store, LivePeers live, HubStore hubs, WgTool wg, InterfaceGeneration generation, SampleSignal signal, TimeProvider time, IOptions<WireGuardOptions> options, ILogger<Sampler> logger)
    : Loop(TimeSpan.FromSeconds(options.Value.SampleSeconds), signal, time, logger)
{
    private static readonly TimeSpan TotalsEvery = TimeSpan.FromSeconds(30);

    private readonly ArrayBufferWriter<byte> _dump = new();
    private readonly Dictionary<PublicKey, PeerTraffic> _unsaved = [];
    private readonly TimeProvider _time = time;
    private DateTimeOffset _savedAt;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (_savedAt == default)
        {
            Load();
        }

        if (hubs.Current is not { InterfaceName: var name } || !generation.HasInterface(name))
        {
            return; // before the set-up, or deleted by hand: the reconciler sees to that
        }

        _dump.ResetWrittenCount();
        var life = generation.Current(name);
        await wg.DumpAsync(name, _dump, cancellationToken);
        var isUrgent = Read(life);
        if (isUrgent || _time.GetUtcNow() - _savedAt > TotalsEvery)
        {
            await SaveAsync(cancellationToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync(cancellationToken);
    }

    private void Load()
    {
        foreach (var peer in store.List())
        {
            live.Set(peer);
        }

        _savedAt = _time.GetUtcNow();
    }

    /// <returns>True when a handshake changed: a spoke's status follows it.</returns>
    private bool Read(string life)
    {
        var (isUrgent, hasStranger) = (false, false);
        var device = new WgDump(_dump.WrittenSpan);
        while (device.MoveNext())
        {
            var line = device.Current;
            if (live.Find(line.Key) is not { } before)
            {
                hasStranger = true;
                continue;
            }

            var after = PeerCounting.Next(before, line, life);
            if (!ReferenceEquals(after, before) && live.TryReplace(before, after))
            {
                isUrgent |= after.LastHandshake != before.LastHandshake;
                _unsaved[line.Key] = after;
            }
        }

        if (hasStranger)
        {
            // Registered since, or a peer that is not ours: the database knows.
            foreach (var peer in store.List().Where(peer => live.Find(peer.Key) is null))
            {
                live.Set(peer);
            }
        }

        return isUrgent;
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        // A spoke that was removed meanwhile may have come again with its key: its new row begins at zero.
        PeerTraffic[] changed = [.. _unsaved.Values.Where(peer => ReferenceEquals(live.Find(peer.Key), peer))];
        await store.SaveAsync(changed, cancellationToken);
        _unsaved.Clear();
        _savedAt = _time.GetUtcNow();
    }
}
