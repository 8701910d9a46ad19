using WgHub.Features.Hub;
using WgHub.Features.Leases;
using WgHub.Features.Networks;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>A source, and what the machine tells of it.</summary>
/// <param name="Key">Of the source's own private key; null when it has none.</param>
/// <param name="Routes">What other interfaces reach.</param>
internal sealed record ImportOrigin(ImportSource Source, PublicKey? Key, IReadOnlyList<Cidr> Routes);

/// <summary>Says what an import would do. Nothing changes by that.</summary>
internal sealed class ImportPlanner(
    Database database, HubStore hubs, HubMachine machine, LeaseStore leases, NetworkStore networks, RunningInterface running)
{
    /// <exception cref="AppException">VALIDATION_FAILED: the source's own key is none.</exception>
    public async Task<ImportPlan> PlanAsync(ImportSource source, ImportWish wish, CancellationToken cancellationToken)
    {
        var origin = await OriginAsync(source, cancellationToken);
        return Plan(Read(origin), origin, wish, cancellationToken);
    }

    /// <summary>Where the machine is reached, for a hub that is to be set up and whose source does not say it.</summary>
    /// <exception cref="WgException">ip refused.</exception>
    public async Task<string?> SuggestEndpointAsync(CancellationToken cancellationToken) =>
        hubs.Current is null ? (await machine.SuggestAsync(cancellationToken)).PublicEndpoint : null;

    /// <exception cref="AppException">VALIDATION_FAILED: the source's own key is none.</exception>
    public async Task<ImportOrigin> OriginAsync(ImportSource source, CancellationToken cancellationToken)
    {
        try
        {
            var routes = await running.OtherRoutesAsync(cancellationToken);
            return new(source, source.Hub?.PrivateKey is { } secret ? await running.PublicKeyOfAsync(secret, cancellationToken) : null, routes);
        }
        catch (WgException) when (source.Hub?.PrivateKey is { } secret && !PublicKey.TryParse(secret.Reveal(), out _))
        {
            throw ImportErrors.Unreadable("The hub's private key in it is none.");
        }
    }

    /// <summary>The plan once more, for doing it. It is computed beside everything else: whoever writes it down looks whether it still holds.</summary>
    /// <param name="hash">Of the plan that was shown.</param>
    /// <exception cref="AppException">PLAN_CHANGED, IMPORT_BLOCKED, VALIDATION_FAILED.</exception>
    public ImportPlan Checked(ImportOrigin origin, ImportWish wish, string? hash, CancellationToken cancellationToken)
    {
        var now = Read(origin);
        var plan = Plan(now, origin, wish, cancellationToken);
        plan.ThrowIfImpossible();
        if (plan.Hash != hash)
        {
            throw ImportErrors.Changed();
        }

        return plan.Blocks is { Count: > 0 } blocks ? throw ImportErrors.Blocked(blocks) : plan.Named(wish.Names, now.Present.Names);
    }

    private (HubConfig? Hub, PresentState Present) Read(ImportOrigin origin) =>
        database.Read(tx => (hubs.Find(tx, tx.OwnHub), PresentState.Read(tx, leases, networks, origin.Routes)));

    private static ImportPlan Plan((HubConfig? Hub, PresentState Present) now, ImportOrigin origin, ImportWish wish, CancellationToken cancellationToken)
    {
        var (source, key, _) = origin;
        if (now.Hub is { } hub)
        {
            return ImportPlan.Of(Compared(source, hub, key), ImportTarget.Of(hub), now.Present, wish, cancellationToken);
        }

        // An interface's own network is not to be chosen, where it has one.
        Ipv4Network? network = Ipv4Network.TryParse(wish.Hub.NetworkCIDR, out var named) && named.PrefixLength is >= 8 and <= 30 ? named : null;
        var target = (source.IsRunning ? ImportTarget.Of(source.Hub, null, key) : null) ?? ImportTarget.Of(source.Hub, network, key);
        target = wish.WithoutIPv6 && target is not null ? target with { Network6 = null, Address6 = null } : target;
        var plan = ImportPlan.Of(source, target, now.Present, wish, cancellationToken);
        const string NoKey =
            "The hub's private key is not in it, without which no client finds the hub again. Give its conf file too, or set this hub up first.";
        return key is not null ? plan : plan with { Problems = [NoKey, .. plan.Problems] };
    }

    private static ImportSource Compared(ImportSource source, HubConfig hub, PublicKey? key)
    {
        const string OtherHub =
            "These clients trust another hub's key. They come in with name, address and key, but connect only after their configuration names this hub.";
        return key == hub.Key ? source : source with { Notices = [OtherHub, .. source.Notices] };
    }
}
