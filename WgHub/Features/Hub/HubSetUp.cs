using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Policy;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>What a hub is to be, when the machine has nothing against it.</summary>
/// <param name="Former">The hub whose place this one takes; null for a new network.</param>
internal sealed record HubWish(HubSettings Settings, FormerHub? Former, Secret PrivateKey, PublicKey Key);

/// <summary>Sets a hub up, in three steps: whoever has more to write with it does that in the same transaction.</summary>
internal sealed class HubSetUp(HubStore hubs, LeaseStore leases, HubMachine machine, HubFollowing following, PolicyStore policies, Reconciler reconciler)
{
    /// <summary>The first step: asks the machine, and makes the key of a new network.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, HUB_ALREADY_INITIALIZED.</exception>
    /// <exception cref="WgException">wg or ip refused.</exception>
    public async Task<HubWish> PrepareAsync(HubSettings settings, FormerHub? former, CancellationToken cancellationToken)
    {
        if (hubs.Current is not null)
        {
            throw HubErrors.AlreadyInitialized();
        }

        await machine.NetworkIsFreeAsync(settings.Network, cancellationToken);
        await machine.NetworkIsFreeAsync(settings.Network6, cancellationToken);
        if (former is not { IsRunning: true })
        {
            await machine.InterfaceIsFreeAsync(cancellationToken);
            HubMachine.PortIsFree(settings.ListenPort);
        }

        var (privateKey, publicKey) = former is null ? await machine.GenerateKeyAsync(cancellationToken) : (former.PrivateKey, former.Key);
        return new(settings, former, privateKey, publicKey);
    }

    /// <summary>The second: adds the hub, inside the caller's transaction.</summary>
    /// <exception cref="AppException">HUB_ALREADY_INITIALIZED.</exception>
    public HubConfig Add(Tx tx, HubWish wish)
    {
        if (hubs.Find(tx, tx.OwnHub) is not null)
        {
            throw HubErrors.AlreadyInitialized();
        }

        var (settings, former) = (wish.Settings, wish.Former);
        var made = new HubConfig
        {
            Id = tx.OwnHub,
            InterfaceName = machine.Interface,
            ListenPort = settings.ListenPort,
            Key = wish.Key,
            Network = settings.Network,
            Network6 = settings.Network6,
            Address = former?.Address ?? settings.Network.FirstHost,
            Address6 = former?.Address6?.Address,
            PublicEndpoint = settings.PublicEndpoint,
            PrivateEndpoint = settings.PrivateEndpoint,
            Dns = settings.Dns,
            Mtu = settings.Mtu,
            SpokeToSpoke = settings.SpokeToSpoke,
            PresharedKeys = settings.PresharedKeys,
            CreatedAt = tx.Now,
            UpdatedAt = tx.Now,
        };
        hubs.Add(tx, made, wish.PrivateKey);
        policies.Begin(tx, made.Id, opensInternet: former is not null && made.SpokeToSpoke);
        leases.SetNetwork(tx, made.Id, new(made.Network, made.Network6, made.Address, made.Address6));
        tx.Audit(
            former is null ? AuditEvents.HubInitialized : AuditEvents.HubAdopted, Subject.One(made.Id.Value),
            ("network", made.Network.ToString()), ("publicEndpoint", made.PublicEndpoint.ToString()));
        return made;
    }

    /// <summary>The third, after the commit: makes the interface follow. When it does not, nothing of the hub stays.</summary>
    /// <param name="undo">Takes back what else the caller wrote, in the transaction that takes the hub back.</param>
    /// <exception cref="WgException">wg or ip refused; the hub is not set up.</exception>
    public Task FollowAsync(HubConfig hub, FormerHub? former, Action<Tx> undo) => following.ApplyOrUndoAsync(
        tx =>
        {
            undo(tx);
            hubs.Remove(tx, hub.Id);
            PolicyStore.Remove(tx, hub.Id);
            leases.RemoveNetwork(tx, hub.Id);
            tx.Audit(AuditEvents.HubUndone, Subject.One(hub.Id.Value));
        },
        former is { IsRunning: true } ? _ => Task.CompletedTask : token => reconciler.RemoveAsync(hub.InterfaceName, token));
}
