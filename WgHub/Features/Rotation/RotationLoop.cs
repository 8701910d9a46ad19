using WgHub.Features.Reports;
using WgHub.Features.Spokes;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Rotation;

/// <summary>"A spoke changes its key: look at once."</summary>
internal sealed class RotationSignal : Signal;

/// <summary>
/// Watches the spokes that change their key: the addresses go to the key that shook hands last, and a new key that does not come in
/// its time is let in no longer.
/// </summary>
internal sealed class RotationLoop(
    Database database, OpenRotations rotations, HubReports reports, Sampler sampler, PeerChanges changes, RotationSignal signal,
    TimeProvider time, ILogger<RotationLoop> logger)
    : Loop(WhileIdle, signal, time, logger)
{
    /// <summary>From a new key's handshake to the addresses' move, what the spoke sends is lost: so a short one.</summary>
    private static readonly TimeSpan WhileWaiting = TimeSpan.FromMilliseconds(100);

    /// <summary>A key before comes back only when its machine boots with its old files.</summary>
    private static readonly TimeSpan WhileUnsettled = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan WhileIdle = TimeSpan.FromHours(1);

    private readonly TimeProvider _time = time;
    private TimeSpan _pause;
    private bool _hasBegun;

    protected override TimeSpan Pause => _pause;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        _pause = WhileUnsettled;
        if (!_hasBegun)
        {
            await database.WriteAsync(rotations.Prolong, cancellationToken);
            _hasBegun = true;
        }

        var all = rotations.List(database.OwnHub);
        if (all.Count > 0 && await reports.ReadAsync(isCompared: false, cancellationToken) is { } report)
        {
            if (report.Failure is { } failure)
            {
                throw new WgException(failure);
            }

            foreach (var open in all)
            {
                await LookAsync(open, report, cancellationToken);
            }
        }

        _pause = all.Count == 0 ? WhileIdle : all.Any(open => open.Rotation.EndsAt is not null) ? WhileWaiting : WhileUnsettled;
    }

    private async Task LookAsync(OpenRotation open, DeviceReport report, CancellationToken cancellationToken)
    {
        if (open.Spoke is { } spoke && IsNewer(open.Rotation, spoke.Key, report))
        {
            await MoveAsync(spoke, open.Rotation, report, cancellationToken);
        }
        else if (open.Spoke is null || open.Rotation.EndsAt <= _time.GetUtcNow())
        {
            await database.WriteAsync(tx => rotations.End(tx, open), cancellationToken);
            await changes.MirrorAsync(open.Rotation.Hub, open.Rotation.OtherKey, cancellationToken);
        }
    }

    /// <summary>A new key counts also within the second of the other's last handshake; the key before only when it comes again later.</summary>
    private static bool IsNewer(SpokeRotation rotation, PublicKey key, DeviceReport report)
    {
        var (handshake, current) = (HandshakeOf(rotation.OtherKey, report), HandshakeOf(key, report));
        return handshake > 0 && (rotation.EndsAt is null ? handshake > current : handshake >= current);
    }

    private async Task MoveAsync(Spoke spoke, SpokeRotation rotation, DeviceReport report, CancellationToken cancellationToken)
    {
        await sampler.SettleAsync(report, spoke.Key, cancellationToken);
        await database.WriteAsync(tx => rotations.Move(tx, spoke, rotation), cancellationToken);
        sampler.Forget(spoke.Key);

        // The new one first: its addresses move in one step, and nobody is without.
        await changes.MirrorAsync(spoke.Hub, [rotation.OtherKey, spoke.Key], cancellationToken);
    }

    /// <summary>Unix time in seconds; 0 for never.</summary>
    private static long HandshakeOf(PublicKey key, DeviceReport report) => report.Peers.TryGetValue(key, out var peer) ? peer.LatestHandshakeSeconds : 0;
}
