using Microsoft.Extensions.Options;
using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>Sets the hub up and changes its settings. An answer comes when the interface is as wanted; when wg refuses, all is as it was.</summary>
internal sealed class HubService(
    Database database, HubStore hubs, LeaseStore leases, SpokeStore spokes, WgTool wg, HubChecks checks, InterfaceMirror mirror, Reconciler reconciler,
    AuditLog audit, IOptions<WireGuardOptions> options, TimeProvider time)
{
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

        await checks.NetworkIsFreeAsync(settings.Network, cancellationToken);
        await checks.NetworkIsFreeAsync(settings.Network6, cancellationToken);
        if (former is not { IsRunning: true })
        {
            await checks.InterfaceIsFreeAsync(cancellationToken);
            HubChecks.PortIsFree(settings.ListenPort);
        }

        var (privateKey, publicKey) = former is null ? await wg.GenerateKeyAsync(cancellationToken) : (former.PrivateKey, former.Key);
        var hub = await database.WriteAsync(
            db =>
            {
                var now = time.GetUtcNow();
                var made = new HubConfig(
                    database.HubId, options.Value.Interface, settings.ListenPort, publicKey, settings.Network, settings.Network6, former?.Address ?? settings.Network.FirstHost,
                    settings.PublicEndpoint, settings.PrivateEndpoint, settings.Dns, settings.Mtu, settings.SpokeToSpoke, settings.PresharedKeys, now, now);
                if (hubs.Find(db) is not null)
                {
                    throw HubErrors.AlreadyInitialized();
                }

                hubs.Add(db, made, privateKey);
                leases.SetNetwork(db, made.Network, made.Address);
                audit.Append(db, actor, former is null ? "hub.initialized" : "hub.adopted", made.Id, ("network", made.Network.ToString()), ("publicEndpoint", made.PublicEndpoint.ToString()));
                former?.AddSpokes(db);
                return made;
            },
            cancellationToken);

        await ApplyOrUndoAsync(
            db =>
            {
                former?.RemoveSpokes(db);
                hubs.Remove(db);
                leases.RemoveNetwork(db);
                audit.Append(db, Actor.System, "hub.undone", hub.Id);
            },
            former is { IsRunning: true } ? _ => Task.CompletedTask : mirror.RemoveDeviceAsync,
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
            await checks.NetworkIsFreeAsync(settings.Network, cancellationToken);
        }

        if (settings.Network6 != before.Network6)
        {
            await checks.NetworkIsFreeAsync(settings.Network6, cancellationToken);
        }

        if (settings.ListenPort != before.ListenPort)
        {
            HubChecks.PortIsFree(settings.ListenPort);
        }

        var after = await database.WriteAsync(
            db =>
            {
                before = hubs.Find(db) ?? throw HubErrors.NotInitialized();
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
                Store(db, before, changed, actor);
                return changed;
            },
            cancellationToken);

        if (after != before)
        {
            await ApplyOrUndoAsync(db => Store(db, after, before, Actor.System), _ => Task.CompletedTask, cancellationToken);
        }

        return hubs.Required();
    }

    private void Store(Microsoft.Data.Sqlite.SqliteConnection db, HubConfig before, HubConfig after, Actor actor)
    {
        if (after == before)
        {
            return;
        }

        if (after.Network != before.Network)
        {
            leases.SetNetwork(db, after.Network, after.Address);
        }

        if (before.Network6 is { } network6 && after.Network6?.AddressFor(0) != network6.AddressFor(0) && spokes.Names(db) is { Count: > 0 } names)
        {
            throw LeaseErrors.NetworkInUse(names);
        }

        hubs.Update(db, after with { UpdatedAt = time.GetUtcNow() });
        audit.Append(db, actor, "hub.changed", after.Id, [.. Differences(before, after)]);
    }

    /// <summary>Makes the interface follow the committed row; when it does not, takes the row back and makes the interface follow that.</summary>
    private async Task ApplyOrUndoAsync(Action<Microsoft.Data.Sqlite.SqliteConnection> undo, Func<CancellationToken, Task> cleanUp, CancellationToken cancellationToken)
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
