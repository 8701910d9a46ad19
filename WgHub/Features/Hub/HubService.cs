using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>Sets the hub up and changes its settings. An answer comes when the interface is as wanted; when wg refuses, all is as it was.</summary>
internal sealed class HubService(
    Database database, HubStore hubs, LeaseStore leases, SpokeStore spokes, HubMachine machine, Reconciler reconciler)
{
    /// <summary>What this machine suggests for a new hub.</summary>
    /// <exception cref="WgException">ip refused.</exception>
    public Task<HubDefaults> SuggestAsync(CancellationToken cancellationToken) => machine.SuggestAsync(cancellationToken);

    /// <exception cref="AppException">VALIDATION_FAILED, HUB_ALREADY_INITIALIZED.</exception>
    /// <exception cref="WgException">wg or ip refused; the hub is not set up.</exception>
    public Task<HubConfig> InitializeAsync(HubForm form, Actor actor, CancellationToken cancellationToken) => InitializeAsync(form.ToNew(), null, actor, cancellationToken);

    /// <param name="former">The hub whose place this one takes; null for a new network.</param>
    /// <inheritdoc cref="InitializeAsync(HubForm, Actor, CancellationToken)"/>
    public async Task<HubConfig> InitializeAsync(HubSettings settings, FormerHub? former, Actor actor, CancellationToken cancellationToken)
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
        var hub = await database.WriteAsync(
            actor,
            tx =>
            {
                var now = tx.Now;
                var made = new HubConfig
                {
                    Id = tx.OwnHub,
                    InterfaceName = machine.Interface,
                    ListenPort = settings.ListenPort,
                    Key = publicKey,
                    Network = settings.Network,
                    Network6 = settings.Network6,
                    Address = former?.Address ?? settings.Network.FirstHost,
                    PublicEndpoint = settings.PublicEndpoint,
                    PrivateEndpoint = settings.PrivateEndpoint,
                    Dns = settings.Dns,
                    Mtu = settings.Mtu,
                    SpokeToSpoke = settings.SpokeToSpoke,
                    PresharedKeys = settings.PresharedKeys,
                    CreatedAt = now,
                    UpdatedAt = now,
                };
                if (hubs.Find(tx, made.Id) is not null)
                {
                    throw HubErrors.AlreadyInitialized();
                }

                hubs.Add(tx, made, privateKey);
                leases.SetNetwork(tx, made.Id, made.Network, made.Address);
                tx.Audit(former is null ? AuditEvents.HubInitialized : AuditEvents.HubAdopted, made.Id.Value, ("network", made.Network.ToString()), ("publicEndpoint", made.PublicEndpoint.ToString()));
                former?.AddSpokes(tx);
                return made;
            },
            cancellationToken);

        await ApplyOrUndoAsync(
            tx =>
            {
                former?.RemoveSpokes(tx);
                hubs.Remove(tx, hub.Id);
                leases.RemoveNetwork(tx, hub.Id);
                tx.Audit(AuditEvents.HubUndone, hub.Id.Value);
            },
            former is { IsRunning: true } ? _ => Task.CompletedTask : token => reconciler.RemoveAsync(hub.InterfaceName, token),
            cancellationToken);
        return hub;
    }

    /// <exception cref="AppException">VALIDATION_FAILED, HUB_NOT_INITIALIZED, NETWORK_IN_USE.</exception>
    /// <exception cref="WgException">wg or ip refused; the settings are as they were.</exception>
    public async Task<HubConfig> ChangeAsync(HubForm form, Actor actor, CancellationToken cancellationToken)
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

        var after = await database.WriteAsync(
            actor,
            tx =>
            {
                before = hubs.Find(tx, tx.OwnHub) ?? throw HubErrors.NotInitialized();
                var changed = before with
                {
                    Network = settings.Network,
                    Network6 = settings.Network6,
                    Address = settings.Network.HasHost(before.Address) ? before.Address : settings.Network.FirstHost,
                    ListenPort = settings.ListenPort,
                    PublicEndpoint = settings.PublicEndpoint,
                    PrivateEndpoint = settings.PrivateEndpoint,
                    Dns = settings.Dns.SequenceEqual(before.Dns) ? before.Dns : settings.Dns,
                    Mtu = settings.Mtu,
                    SpokeToSpoke = settings.SpokeToSpoke,
                    PresharedKeys = settings.PresharedKeys,
                };
                Store(tx, before, changed);
                return changed;
            },
            cancellationToken);

        if (after != before)
        {
            await ApplyOrUndoAsync(tx => Store(tx, after, before), _ => Task.CompletedTask, cancellationToken);
        }

        return hubs.Required();
    }

    private void Store(Tx tx, HubConfig before, HubConfig after)
    {
        if (after == before)
        {
            return;
        }

        if (after.Network != before.Network)
        {
            leases.SetNetwork(tx, after.Id, after.Network, after.Address);
        }

        if (before.Network6 is { } network6 && after.Network6?.AddressFor(0) != network6.AddressFor(0) && spokes.Names(tx, after.Id) is { Count: > 0 } names)
        {
            throw LeaseErrors.NetworkInUse(names);
        }

        hubs.Update(tx, after with { UpdatedAt = tx.Now });
        tx.Audit(AuditEvents.HubChanged, after.Id.Value, [.. Differences(before, after)]);
    }

    /// <summary>Makes the interface follow the committed row; when it does not, takes the row back and makes the interface follow that.</summary>
    private async Task ApplyOrUndoAsync(Action<Tx> undo, Func<CancellationToken, Task> cleanUp, CancellationToken cancellationToken)
    {
        hubs.Refresh();
        try
        {
            await reconciler.ApplyAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is WgException or OperationCanceledException)
        {
            // The caller may be gone; what was begun is taken back all the same.
            await database.WriteAsync(undo, CancellationToken.None);
            hubs.Refresh();
            await cleanUp(CancellationToken.None);
            throw;
        }
    }

    private static IEnumerable<(string Name, string? Value)> Differences(HubConfig before, HubConfig after)
    {
        IEnumerable<(string Name, string? Before, string? After)> all =
        [
            ("network", before.Network.ToString(), after.Network.ToString()),
            ("network6", before.Network6?.ToString(), after.Network6?.ToString()),
            ("listenPort", $"{before.ListenPort}", $"{after.ListenPort}"),
            ("publicEndpoint", before.PublicEndpoint.ToString(), after.PublicEndpoint.ToString()),
            ("privateEndpoint", before.PrivateEndpoint?.ToString(), after.PrivateEndpoint?.ToString()),
            ("dns", string.Join(' ', before.Dns), string.Join(' ', after.Dns)),
            ("mtu", $"{before.Mtu}", $"{after.Mtu}"),
            ("spokeToSpoke", $"{before.SpokeToSpoke}", $"{after.SpokeToSpoke}"),
            ("presharedKeys", $"{before.PresharedKeys}", $"{after.PresharedKeys}"),
        ];
        return all.Where(one => one.Before != one.After).Select(one => (one.Name, (string?)$"{one.Before ?? "none"} → {one.After ?? "none"}"));
    }
}
