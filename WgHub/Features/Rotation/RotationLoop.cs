using System.Buffers;
using WgHub.Features.Audit;
using WgHub.Features.Hub;
using WgHub.Features.Metrics;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
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
    Database database, HubStore hubs, SpokeStore spokes, PeerStore peers, RotationStore rotations, TokenStore tokens, TrafficStore traffic, LivePeers live, PeerChanges changes, WgTool wg,
    InterfaceGeneration generation, RotationSignal signal, TimeProvider time, ILogger<RotationLoop> logger)
    : Loop(WhileIdle, signal, time, logger)
{
    /// <summary>From a new key's handshake to the addresses' move, what the spoke sends is lost: so a short one.</summary>
    private static readonly TimeSpan WhileWaiting = TimeSpan.FromMilliseconds(100);

    /// <summary>A key before comes back only when its machine boots with its old files.</summary>
    private static readonly TimeSpan WhileUnsettled = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan WhileIdle = TimeSpan.FromHours(1);

    private readonly ArrayBufferWriter<byte> _dump = new();
    private readonly TimeProvider _time = time;
    private TimeSpan _pause;
    private bool _hasBegun;

    protected override TimeSpan Pause => _pause;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        _pause = WhileUnsettled;
        if (!_hasBegun)
        {
            await database.WriteAsync(tx => rotations.Prolong(tx, tx.Now + RotationService.Patience), cancellationToken);
            _hasBegun = true;
        }

        var open = rotations.List();
        if (open.Count > 0)
        {
            _dump.ResetWrittenCount();
            await wg.DumpAsync(hubs.Required().InterfaceName, _dump, cancellationToken);
            foreach (var rotation in open)
            {
                await LookAsync(rotation, cancellationToken);
            }
        }

        _pause = open.Count == 0 ? WhileIdle : open.Any(rotation => rotation.EndsAt is not null) ? WhileWaiting : WhileUnsettled;
    }

    private async Task LookAsync(SpokeRotation rotation, CancellationToken cancellationToken)
    {
        var spoke = spokes.Find(rotation.SpokeId);
        if (spoke is not null && IsNewer(rotation, spoke.Key))
        {
            await MoveAsync(spoke, rotation, cancellationToken);
        }
        else if (spoke is null || rotation.EndsAt <= _time.GetUtcNow())
        {
            await EndAsync(spoke, rotation, cancellationToken);
        }
    }

    /// <summary>A new key counts also within the second of the other's last handshake; the key before only when it comes again later.</summary>
    private bool IsNewer(SpokeRotation rotation, PublicKey key)
    {
        var (handshake, current) = (HandshakeOf(rotation.OtherKey), HandshakeOf(key));
        return handshake > 0 && (rotation.EndsAt is null ? handshake > current : handshake >= current);
    }

    /// <summary>The other key becomes the spoke's, with its addresses and totals, and the one before the other.</summary>
    private async Task MoveAsync(Spoke spoke, SpokeRotation rotation, CancellationToken cancellationToken)
    {
        await SaveTrafficAsync(spoke.Key, cancellationToken);
        await database.WriteAsync(
            tx =>
            {
                if (rotations.Find(tx, spoke.Id) != rotation || spokes.Find(tx, spoke.Id) is not { } current || current.Key != spoke.Key || peers.PresharedKeyOf(tx, spoke.Key) is not { } before)
                {
                    return; // changed since the look
                }

                var isNext = rotation.EndsAt is not null;
                rotations.Set(tx, rotation with { OtherKey = spoke.Key, PresharedKey = before, EndsAt = isNext ? null : tx.Now + RotationService.Patience });
                spokes.ChangeKey(tx, current, rotation.OtherKey, rotation.PresharedKey);
                tokens.Rebind(tx, spoke.Id, spoke.Key.ToString(), rotation.OtherKey.ToString());
                tx.Audit(isNext ? AuditEvents.SpokeRotationMoved : AuditEvents.SpokeRotationMovedBack, spoke.Id, ("name", spoke.Name), ("publicKey", rotation.OtherKey.ToString()));
            },
            cancellationToken);
        live.Remove(spoke.Key);

        // The new one first: its addresses move in one step, and nobody is without.
        await Task.WhenAll(changes.MirrorAsync(rotation.OtherKey, cancellationToken), changes.MirrorAsync(spoke.Key, cancellationToken));
    }

    /// <summary>Nobody came with the key, or the spoke is gone.</summary>
    private async Task EndAsync(Spoke? spoke, SpokeRotation rotation, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            tx =>
            {
                if (rotations.Find(tx, rotation.SpokeId) != rotation)
                {
                    return; // asked for again since the look
                }

                rotations.Remove(tx, rotation.SpokeId);
                if (spoke is not null)
                {
                    tx.Audit(AuditEvents.SpokeRotationEnded, spoke.Id, ("name", spoke.Name), ("publicKey", rotation.OtherKey.ToString()), ("reason", "no handshake"));
                }
            },
            cancellationToken);
        await changes.MirrorAsync(rotation.OtherKey, cancellationToken);
    }

    /// <summary>What went through the peer up to now, for it will count no more.</summary>
    private async Task SaveTrafficAsync(PublicKey key, CancellationToken cancellationToken)
    {
        if ((live.Find(key) ?? traffic.List().FirstOrDefault(peer => peer.Key == key)) is { } before)
        {
            await traffic.SaveAsync([TryFind(key, out var line) ? PeerCounting.Next(before, line, generation.Current(hubs.Required().InterfaceName)) : before], cancellationToken);
        }
    }

    /// <summary>Unix time in seconds; 0 for never.</summary>
    private long HandshakeOf(PublicKey key) => TryFind(key, out var line) ? line.LatestHandshakeSeconds : 0;

    private bool TryFind(PublicKey key, out WgPeerLine line)
    {
        var device = new WgDump(_dump.WrittenSpan);
        while (device.MoveNext())
        {
            if (device.Current.Key == key)
            {
                line = device.Current;
                return true;
            }
        }

        line = default;
        return false;
    }
}
