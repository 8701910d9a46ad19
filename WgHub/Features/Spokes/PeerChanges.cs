using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>
/// Keys whose wanted state changed in the database, for whoever has the hub's interface. A change names only the key: whoever mirrors it
/// reads what is wanted now, so it does not matter in which order changes arrive, and many for one key are one.
/// </summary>
internal sealed class PeerChanges(IOptions<WireGuardOptions> options)
{
    private readonly ConcurrentDictionary<HubId, PeerChangeQueue> _queues = [];

    /// <summary>What waits for this hub's interface.</summary>
    public PeerChangeQueue Of(HubId hub) => _queues.GetOrAdd(hub, _ => new());

    /// <summary>Asks that a hub's interface be made to agree with the database about these keys. Call it after the commit.</summary>
    /// <returns>Completes when the interface agrees.</returns>
    /// <exception cref="WgException">wg refused, or had not answered in time. The row stays: the next pass tries again.</exception>
    public async Task MirrorAsync(HubId hub, IReadOnlyCollection<PublicKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return;
        }

        try
        {
            await Of(hub).Add(keys).WaitAsync(TimeSpan.FromSeconds(options.Value.TimeoutSeconds * 2), cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new WgException("wg: no answer in time.", exception);
        }
    }

    /// <summary>Asks that all of a hub's machine be made to agree with the database: where traffic may go, too.</summary>
    /// <returns>Completes when it agrees.</returns>
    /// <exception cref="WgException">Something refused. The rows stay: the next pass tries again.</exception>
    public Task MirrorAllAsync(HubId hub, CancellationToken cancellationToken) => Of(hub).AddAll().WaitAsync(cancellationToken);

    /// <inheritdoc cref="MirrorAsync(HubId, IReadOnlyCollection{PublicKey}, CancellationToken)"/>
    public Task MirrorAsync(HubId hub, PublicKey key, CancellationToken cancellationToken) => MirrorAsync(hub, [key], cancellationToken);

    /// <summary>The same about spokes, each on its own hub.</summary>
    /// <inheritdoc cref="MirrorAsync(HubId, IReadOnlyCollection{PublicKey}, CancellationToken)"/>
    public Task MirrorAsync(IEnumerable<Spoke> spokes, CancellationToken cancellationToken) => Task.WhenAll(
        spokes.GroupBy(spoke => spoke.Hub, spoke => spoke.Key).Select(keys => MirrorAsync(keys.Key, [.. keys], cancellationToken)));
}
