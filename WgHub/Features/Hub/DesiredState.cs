using WgHub.Features.Policy;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>What a device should be: the interface, and every key that the hub knows; null for one that should not be on it.</summary>
internal sealed record Desired(DeviceSpec Spec, IReadOnlyDictionary<PublicKey, PeerTarget?> Peers);

/// <summary>
/// The hub's rows as what its device should be. Reading and opening all of them costs 5 µs a peer, so a reading is used again while no
/// commit came after it, nobody's time ran out, and it is young: another process may have written.
/// </summary>
internal sealed class DesiredState(Database database, HubStore hubs, PeerStore peers, PolicyBook policies, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Lock _specLock = new(); // of its own: a change of one peer does not wait while all are read
    private Reading? _last;
    private (HubConfig Hub, CompiledPolicy Policy, DeviceSpec Spec)? _spec;

    /// <summary>The interface alone, without routes; null before the set-up.</summary>
    /// <exception cref="StorageException">The master key does not open the private key.</exception>
    public DeviceSpec? Interface() => hubs.Current is { } hub && policies.Current(hub.Id) is { } policy ? SpecOf(hub, policy) : null;

    /// <summary>These keys as they should be now; as fast at any number of others. Null before the set-up.</summary>
    /// <exception cref="StorageException">The master key does not open a key.</exception>
    public Desired? Of(IReadOnlyCollection<PublicKey> keys)
    {
        if (hubs.Current is not { } hub || policies.Current(hub.Id) is not { } policy)
        {
            return null;
        }

        var wanted = peers.Wanted(hub.Id, keys);
        return new(SpecOf(hub, policy), keys.ToDictionary(key => key, key => wanted.TryGetValue(key, out var peer) ? hub.TargetFor(peer, policy) : null));
    }

    /// <summary>All of it; null before the set-up. The same object as before while nothing changed.</summary>
    /// <exception cref="StorageException">The master key does not open a key.</exception>
    public Desired? All()
    {
        lock (_lock)
        {
            if (hubs.Current is not { } hub)
            {
                return null;
            }

            var (revision, now) = (database.Revision, time.GetUtcNow());
            if (_last is not { } last || last.Revision != revision || last.Hub != hub || now >= last.Until || now < last.At)
            {
                if (policies.Refresh(hub.Id) is not { } policy)
                {
                    return null;
                }

                _last = last = new(revision, hub, now, Earlier(now + Life, peers.NextEnd(hub.Id, now)), Read(hub, policy, _last?.Desired));
            }

            return last.Desired;
        }
    }

    /// <param name="before">Given again where it says the same, so that what was made of it need not be made anew.</param>
    private Desired Read(HubConfig hub, CompiledPolicy policy, Desired? before)
    {
        var targets = peers.All(hub.Id).ToDictionary(peer => peer.Key, peer => peer.IsWanted ? hub.TargetFor(peer, policy) : null);
        var (spec, routes) = (SpecOf(hub, policy), peers.Networks(hub.Id));
        spec = before is not null && before.Spec == (spec with { Routes = before.Spec.Routes }) && before.Spec.Routes.SequenceEqual(routes)
            ? before.Spec
            : spec with { Routes = routes };
        return before is not null && ReferenceEquals(before.Spec, spec) && IsSame(before.Peers, targets) ? before : new(spec, targets);
    }

    private static bool IsSame(IReadOnlyDictionary<PublicKey, PeerTarget?> one, Dictionary<PublicKey, PeerTarget?> other) =>
        one.Count == other.Count && other.All(peer => one.TryGetValue(peer.Key, out var target) && target == peer.Value);

    /// <summary>The row in memory is another object after each change of it, also of its key.</summary>
    private DeviceSpec SpecOf(HubConfig hub, CompiledPolicy policy)
    {
        lock (_specLock)
        {
            if (_spec is not { } known || !ReferenceEquals(known.Hub, hub) || !ReferenceEquals(known.Policy, policy))
            {
                _spec = known = (hub, policy, hub.ToSpec(hubs.PrivateKey(), policy.Rules));
            }

            return known.Spec;
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;

    /// <param name="Until">From then on it may be another one without any commit.</param>
    private sealed record Reading(long Revision, HubConfig Hub, DateTimeOffset At, DateTimeOffset Until, Desired Desired);
}
