using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Networks;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>Sets the hub up and changes its settings. An answer comes when the interface is as wanted; when wg refuses, all is as it was.</summary>
internal sealed class HubService(
    Database database, HubStore hubs, LeaseStore leases, SpokeStore spokes, NetworkStore networks, HubMachine machine, HubSetUp setUp, HubFollowing following)
{
    /// <summary>What this machine suggests for a new hub.</summary>
    /// <exception cref="WgException">ip refused.</exception>
    public Task<HubDefaults> SuggestAsync(CancellationToken cancellationToken) => machine.SuggestAsync(cancellationToken);

    /// <exception cref="AppException">VALIDATION_FAILED, HUB_ALREADY_INITIALIZED.</exception>
    /// <exception cref="WgException">wg or ip refused; the hub is not set up.</exception>
    public async Task<HubConfig> InitializeAsync(HubForm form, Actor actor, CancellationToken cancellationToken)
    {
        var wish = await setUp.PrepareAsync(form.ToNew(), null, cancellationToken);
        var hub = await database.WriteAsync(actor, tx => setUp.Add(tx, wish), cancellationToken);
        await setUp.FollowAsync(hub, null, _ => { });
        return hubs.Required();
    }

    /// <exception cref="AppException">VALIDATION_FAILED, HUB_NOT_INITIALIZED, NETWORK_IN_USE, NETWORK_OVERLAP.</exception>
    /// <exception cref="WgException">wg or ip refused; the settings are as they were.</exception>
    public async Task<HubConfig> ChangeAsync(HubForm form, Actor actor, CancellationToken cancellationToken)
    {
        await PlanAsync(form, cancellationToken);
        var (before, after) = await database.WriteAsync(
            actor,
            tx =>
            {
                var now = hubs.Find(tx, tx.OwnHub) ?? throw HubErrors.NotInitialized();
                var changed = form.ToChanged(now).ApplyTo(now);
                RefuseTaken(tx, now, changed);
                Store(tx, now, changed);
                return (now, changed);
            },
            cancellationToken);

        if (after != before)
        {
            await following.ApplyOrUndoAsync(tx => Store(tx, after, before), _ => Task.CompletedTask);
        }

        return hubs.Required();
    }

    /// <summary>What a change would make of the hub; the machine is asked, and nothing is changed.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, HUB_NOT_INITIALIZED, NETWORK_OVERLAP.</exception>
    /// <exception cref="WgException">ip refused.</exception>
    public async Task<(HubConfig Before, HubConfig After)> PlanAsync(HubForm form, CancellationToken cancellationToken)
    {
        var before = hubs.Required();
        var settings = form.ToChanged(before);
        if (settings.Network != before.Network)
        {
            await machine.NetworkIsFreeAsync(settings.Network, cancellationToken);
        }

        if (settings.Network6 != before.Network6)
        {
            await machine.NetworkIsFreeAsync(settings.Network6, cancellationToken);
        }

        if (settings.ListenPort != before.ListenPort)
        {
            HubMachine.PortIsFree(settings.ListenPort);
        }

        var after = settings.ApplyTo(before);
        database.Read(tx =>
        {
            RefuseTaken(tx, before, after);
            return true;
        });
        return (before, after);
    }

    /// <summary>The hub's own networks do not grow over one that lies behind it or a spoke, nor over a barred one.</summary>
    /// <exception cref="AppException">NETWORK_OVERLAP.</exception>
    private void RefuseTaken(Tx tx, HubConfig before, HubConfig after)
    {
        foreach (var (own, field) in after.Ground.Networks.Except(before.Ground.Networks).Select(own => (own, own.IsIPv6 ? "networkCIDRv6" : "networkCIDR")))
        {
            NetworkRules.RefuseHeld(own, networks.All(tx, after.Id), networks.Barred(tx, after.Id), field);
        }
    }

    /// <summary>Writes the change inside the caller's transaction.</summary>
    /// <exception cref="AppException">NETWORK_IN_USE.</exception>
    public void Store(Tx tx, HubConfig before, HubConfig after)
    {
        if (after == before)
        {
            return;
        }

        if (before.Network6 is { } network6 && !IsSame(network6, after.Network6, before.Network) && spokes.Names(tx, after.Id) is { Count: > 0 } names)
        {
            throw LeaseErrors.NetworkInUse(names);
        }

        if ((after.Network, after.Network6) != (before.Network, before.Network6))
        {
            leases.SetNetwork(tx, after.Id, new(after.Network, after.Network6, after.Address, after.Address6));
        }

        hubs.Update(tx, after with { UpdatedAt = tx.Now });
        tx.Audit(
            AuditEvents.HubChanged, Subject.One(after.Id.Value), [.. HubDifference.Between(before, after).Select(one => (one.Name, (string?)one.ToString()))]);
    }

    /// <summary>True when everybody keeps their IPv6 address.</summary>
    private static bool IsSame(Ipv6Network one, Ipv6Network? other, Ipv4Network network) =>
        one.AddressFor(network.First) == other?.AddressFor(network.First) && one.AddressFor(network.Last) == other?.AddressFor(network.Last);
}
