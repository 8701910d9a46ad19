using WgHub.Features.Policy;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>
/// Feeds this machine's device from the hub's rows. It gives on what the database wants at that moment, so late, doubled or reordered calls do
/// no harm.
/// </summary>
internal sealed class LocalHub(
    DesiredState desired, Devices devices, PeerChanges changes, TrafficStore traffic, PolicyUses uses, Database database, TimeProvider time) : IDisposable
{
    /// <summary>Who was silent longer than this comes by itself, or does not.</summary>
    private static readonly TimeSpan KnockedAt = TimeSpan.FromMinutes(30);

    private readonly PeerChangeQueue _changes = changes.Of(database.OwnHub);
    private readonly SemaphoreSlim _order = new(1, 1);

    /// <summary>The life of the interface in which its peers were told of it; null before any was.</summary>
    private string? _knockedIn;

    /// <summary>Makes the interface agree with the database about these keys. Costs the same at any number of peers.</summary>
    /// <exception cref="WgException">wg refused, also after the interface was looked after.</exception>
    public async Task PutAsync(IReadOnlyCollection<PublicKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return;
        }

        // One after the other, from the reading of the rows on: an older reading must not reach the device after a newer one.
        await _order.WaitAsync(cancellationToken);
        try
        {
            if (desired.Of(keys) is { } wanted)
            {
                await devices.Of(wanted.Spec.Interface).ApplyAsync(wanted.Spec, wanted.Peers, cancellationToken);
            }
        }
        finally
        {
            _order.Release();
        }
    }

    /// <summary>The same, and the peers are live: the interface is up and has its port.</summary>
    /// <exception cref="WgException">wg refused, or the interface is down, also after it was looked after.</exception>
    public async Task MirrorAsync(IReadOnlyCollection<PublicKey> keys, CancellationToken cancellationToken)
    {
        await PutAsync(keys, cancellationToken);
        if (desired.Interface() is { } spec)
        {
            await devices.Of(spec.Interface).EnsureLiveAsync(spec, cancellationToken);
        }
    }

    /// <summary>Makes or mends the interface itself, and compares its peers.</summary>
    /// <returns>What came of it, and what was wanted; null before the set-up.</returns>
    /// <exception cref="WgException">It could not be made or read.</exception>
    public async Task<(Kept Kept, Desired Wanted)?> KeepAsync(CancellationToken cancellationToken)
    {
        if (desired.All() is not { } wanted)
        {
            return null;
        }

        var kept = await devices.Of(wanted.Spec.Interface).KeepAsync(wanted.Spec, wanted.Peers, cancellationToken);
        await uses.NoteAsync(database.OwnHub, kept.Report.Firewall.Counts, cancellationToken);
        return (kept with { Report = WithoutPending(kept.Report) }, wanted);
    }

    /// <summary>
    /// Shakes hands with those whose sessions may still be alive on their side: once in each life of the interface, whoever made it, with all who
    /// were not seen in this life yet, and with those who are let in again; see <see cref="Device.KnockAsync"/>.
    /// </summary>
    /// <param name="back">Who is let in again.</param>
    /// <exception cref="WgException">wg refused; the next call tries those of a new interface again.</exception>
    public async Task KnockAsync(Desired wanted, DeviceReport report, HashSet<PublicKey> back, CancellationToken cancellationToken)
    {
        var isNew = report.Generation != _knockedIn;
        if (!isNew && back.Count == 0)
        {
            return;
        }

        var since = time.GetUtcNow() - KnockedAt;
        await devices.Of(wanted.Spec.Interface).KnockAsync(
            [
                .. from peer in traffic.List(database.OwnHub)
                   where peer.Endpoint is not null && peer.LastHandshake > since
                   where back.Contains(peer.Key) || (isNew && report.Peers.GetValueOrDefault(peer.Key) is not { Endpoint.Length: > 0 })
                   let target = wanted.Peers.GetValueOrDefault(peer.Key)
                   where target is not null
                   select (target, peer.Endpoint),
            ],
            cancellationToken);
        _knockedIn = report.Generation;
    }

    /// <inheritdoc cref="PeerChangeQueue.TakeBack"/>
    public HashSet<PublicKey> TakeBack() => _changes.TakeBack();

    /// <summary>Lets those who are connected see the interface's new port; see <see cref="Device.CallAsync"/>.</summary>
    /// <param name="report">Who is connected.</param>
    public Task CallAsync(Desired wanted, DeviceReport report, CancellationToken cancellationToken)
    {
        var since = (time.GetUtcNow() - Spoke.HandshakeLife).ToUnixTimeSeconds();
        return devices.Of(wanted.Spec.Interface).CallAsync(
            [
                .. from peer in report.Peers
                   where peer.Value.LatestHandshakeSeconds > since
                   let target = wanted.Peers.GetValueOrDefault(peer.Key)
                   where target is not null
                   select target,
            ],
            cancellationToken);
    }

    /// <inheritdoc cref="Firewall.IsUnchangedAsync"/>
    public async Task<bool> IsFirewallUnchangedAsync(CancellationToken cancellationToken) =>
        desired.Interface() is not { } spec || await devices.Of(spec.Interface).IsFirewallUnchangedAsync(cancellationToken);

    /// <summary>Looks, and changes nothing.</summary>
    /// <returns>Null before the set-up.</returns>
    public async Task<DeviceReport?> ReadAsync(bool isCompared, CancellationToken cancellationToken)
    {
        var wanted = isCompared ? desired.All() : null;
        return (wanted?.Spec ?? desired.Interface()) is { } spec
            ? WithoutPending(await devices.Of(spec.Interface).ReadAsync(spec, wanted?.Peers, cancellationToken))
            : null;
    }

    /// <summary>Writes the copy for a boot without us.</summary>
    public Task WriteConfAsync(CancellationToken cancellationToken) =>
        desired.All() is { } wanted ? devices.Of(wanted.Spec.Interface).WriteConfAsync(wanted.Spec, wanted.Peers, cancellationToken) : Task.CompletedTask;

    /// <summary>Takes an interface away, after a set-up that did not work out.</summary>
    public Task RemoveAsync(string name, CancellationToken cancellationToken) => devices.Of(name).RemoveAsync(cancellationToken);

    public void Dispose() => _order.Dispose();

    /// <summary>What is just being changed is no drift.</summary>
    private DeviceReport WithoutPending(DeviceReport report) =>
        report.Drift.IsEmpty ? report : report with { Drift = report.Drift.Without(_changes.IsPending) };
}
