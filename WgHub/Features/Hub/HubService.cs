using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>Sets the hub up and changes its settings. An answer comes when the interface is as wanted; when wg refuses, all is as it was.</summary>
internal sealed class HubService(
    Database database, HubStore hubs, LeaseStore leases, SpokeStore spokes, HubMachine machine, HubSetUp setUp, HubFollowing following)
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
                    Address6 = before.Address6 is { } kept && settings.Network6?.Contains(kept) == true ? kept : null,
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
            await following.ApplyOrUndoAsync(tx => Store(tx, after, before), _ => Task.CompletedTask);
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
            leases.SetNetwork(tx, after.Id, after.Network, after.Address, KeptAddress6.Of(after.Address6, after.Address, after.Network6, after.Network));
        }

        if (before.Network6 is { } network6 && !IsSame(network6, after.Network6, before.Network) && spokes.Names(tx, after.Id) is { Count: > 0 } names)
        {
            throw LeaseErrors.NetworkInUse(names);
        }

        hubs.Update(tx, after with { UpdatedAt = tx.Now });
        tx.Audit(AuditEvents.HubChanged, Subject.One(after.Id.Value), [.. Differences(before, after)]);
    }

    /// <summary>True when everybody keeps their IPv6 address.</summary>
    private static bool IsSame(Ipv6Network one, Ipv6Network? other, Ipv4Network network) =>
        one.AddressFor(network.First) == other?.AddressFor(network.First) && one.AddressFor(network.Last) == other?.AddressFor(network.Last);

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
