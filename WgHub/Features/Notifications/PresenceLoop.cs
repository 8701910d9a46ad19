using Microsoft.Extensions.Options;
using WgHub.Features.Reports;
using WgHub.Features.Spokes;
using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Notifications;

/// <summary>
/// Tells who connects and who does not come any more, from the reports that are made anyway. What nobody saw is told of nobody: after a start, a
/// sleep of the machine, a jump of its clock or a new life of the interface it waits until every live spoke must have shaken hands again.
/// </summary>
internal sealed class PresenceLoop(
    PresenceStore store, HubReports reports, IOptions<NotificationOptions> options, TimeProvider time, ILogger<PresenceLoop> logger)
    : Loop(TimeSpan.FromSeconds(20), new(), time, logger)
{
    /// <summary>A report that is older, or a pause between two looks that is longer, says nothing.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(60);

    /// <summary>Handshakes are stamped by the second.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = time;
    private readonly SemaphoreSlim _one = new(1, 1);
    private Dictionary<string, Presence>? _presence;
    private Dictionary<string, long>? _handshakes;
    private DateTimeOffset? _lookedAt;
    private DateTimeOffset _blindUntil;
    private string? _generation;

    /// <summary>How old the last handshake is when a spoke counts as gone.</summary>
    private TimeSpan Silence => Spoke.HandshakeLife + TimeSpan.FromSeconds(options.Value.DisconnectGraceSeconds);

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var now = _time.GetUtcNow();
            if (reports.Last is { Failure: null } report && (now - report.At).Duration() <= LongestGap)
            {
                await LookAsync(report, now, cancellationToken);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    private async Task LookAsync(DeviceReport report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isFirstEver = _handshakes is null && store.LastLook(reports.Hub) is null;
        var presence = _presence ??= store.Load();
        if (_lookedAt is not { } before || now < before || now - before > LongestGap || _generation != report.Generation)
        {
            _blindUntil = now + Silence; // from here on: an earlier end would be one by a clock that is not any more
        }

        (_lookedAt, _generation) = (now, report.Generation);
        var spokes = store.Peers().Where(peer => !(peer.ExpiresAt <= now)).GroupBy(peer => peer.SpokeId)
            .ToDictionary(peers => peers.Key, peers => peers.ToList());
        var handshakes = spokes.ToDictionary(spoke => spoke.Key, spoke => spoke.Value.Max(peer => HandshakeOf(report, peer)));
        Dictionary<string, Presence> changed = [];
        List<(WatchedPeer, NotifiedEvent, int)> told = [];
        foreach (var (id, peers) in spokes)
        {
            var was = presence.GetValueOrDefault(id);
            var (next, @event) = Presence.Next(was, IsConnected(was?.IsConnected == true, id, handshakes[id], now, isFirstEver), now);
            if (next is not null && next != was)
            {
                changed[id] = next;
            }

            if (@event is not null && !isFirstEver)
            {
                told.Add((peers[0], @event, was?.Changes > next!.Changes ? was.Changes : next.Changes));
            }
        }

        // Switched off or over by somebody's will, which the audit log tells: nothing more is to be told.
        foreach (var (id, was) in presence.Where(one => one.Value.IsConnected && !spokes.ContainsKey(one.Key)))
        {
            changed[id] = new(false, now, 0);
        }

        if (changed.Count > 0 || told.Count > 0 || isFirstEver)
        {
            await store.SaveAsync(reports.Hub, now, changed, told, cancellationToken);
        }

        _handshakes = handshakes;
        foreach (var (id, next) in changed)
        {
            presence[id] = next;
        }
    }

    /// <summary>
    /// Who was connected stays so until its silence was seen. Who was not needs a handshake that came since the last look: one that only a clock
    /// makes look new is none.
    /// </summary>
    private bool IsConnected(bool was, string id, long handshake, DateTimeOffset now, bool isFirstEver)
    {
        var age = handshake == 0 ? TimeSpan.MaxValue : now - DateTimeOffset.FromUnixTimeSeconds(handshake);
        var isRecent = age < Spoke.HandshakeLife && age > -Slack;
        if (was)
        {
            return isRecent || now < _blindUntil || (age < Silence && age > -Slack);
        }

        return isRecent && (isFirstEver || (_handshakes is not null && _handshakes.GetValueOrDefault(id) != handshake));
    }

    private static long HandshakeOf(DeviceReport report, WatchedPeer peer) =>
        report.Peers.TryGetValue(peer.Key, out var seen) ? seen.LatestHandshakeSeconds : 0;
}
