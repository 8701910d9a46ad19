using WgHub.Features.Hub;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>What a person wants of an import.</summary>
/// <param name="Hub">Settings of a hub that is to be set up; what is missing comes from the source.</param>
/// <param name="Names">By public key; the others get what the plan proposes.</param>
internal sealed record ImportWish(HubForm Hub, IReadOnlyDictionary<string, string> Names, bool WithoutIPv6);

internal sealed record ImportDone(int Added, int Known, int LeftOut);

/// <summary>Brings spokes from elsewhere into this hub, or makes this hub of one that was there before. Plans first; nothing changes by that.</summary>
internal sealed class ImportService(Database database, HubStore hubs, HubService hubService, LeaseStore leases, SpokeImport spokes, SpokeStore spokeStore, RunningInterface running, Reconciler reconciler)
{
    /// <exception cref="AppException">VALIDATION_FAILED: the source's own key is none.</exception>
    public async Task<ImportPlan> PlanAsync(ImportSource source, ImportWish wish, CancellationToken cancellationToken)
    {
        var origin = await OriginAsync(source, cancellationToken);
        return database.Read(tx => Plan(tx, origin, wish));
    }

    /// <summary>Where the machine is reached, for a hub that is to be set up and whose source does not say it.</summary>
    /// <exception cref="WgException">ip refused.</exception>
    public async Task<string?> SuggestEndpointAsync(CancellationToken cancellationToken) => hubs.Current is null ? (await hubService.SuggestAsync(cancellationToken)).PublicEndpoint : null;

    /// <summary>Does what a plan said, in one transaction, and returns when the interface agrees. Once more is no error: who is there already stays as they are.</summary>
    /// <param name="hash">The plan's.</param>
    /// <exception cref="AppException">PLAN_CHANGED, IMPORT_BLOCKED, VALIDATION_FAILED.</exception>
    /// <exception cref="WgException">A hub that was to be set up is not; in one that was there the spokes are kept, and the next pass goes on.</exception>
    public async Task<ImportDone> ApplyAsync(ImportSource source, ImportWish wish, string? hash, Actor actor, CancellationToken cancellationToken)
    {
        var origin = await OriginAsync(source, cancellationToken);
        if (hubs.Current is not null)
        {
            var done = await database.WriteAsync(actor, tx => Add(tx, Checked(tx, origin, wish, hash)), cancellationToken);
            await reconciler.ApplyAsync(cancellationToken);
            return done;
        }

        var plan = database.Read(tx => Checked(tx, origin, wish, hash));
        return await SetUpAsync(plan, wish, actor, cancellationToken);
    }

    private async Task<ImportDone> SetUpAsync(ImportPlan plan, ImportWish wish, Actor actor, CancellationToken cancellationToken)
    {
        var (source, target) = (plan.Source, plan.Target!);
        ImportDone? done = null;
        var former = new FormerHub(source.Hub!.PrivateKey!, target.HubKey!.Value, target.Address, source.IsRunning, tx => done = Add(tx, plan), tx => spokes.Remove(tx, plan));
        await hubService.InitializeAsync(FormOf(plan, wish.Hub).ToNew(), former, actor, cancellationToken);
        return done!;
    }

    private HubForm FormOf(ImportPlan plan, HubForm form) => form with
    {
        NetworkCIDR = plan.Target!.Network.ToString(),
        NetworkCIDRv6 = plan.Target.Network6?.ToString(),
        ListenPort = plan.Source.IsRunning ? plan.Source.Hub!.ListenPort : form.ListenPort ?? plan.Source.Hub!.ListenPort,
        Mtu = plan.Source.IsRunning ? plan.Source.Hub!.Mtu : form.Mtu ?? plan.Source.Hub!.Mtu,
        PublicEndpoint = form.PublicEndpoint ?? form.Endpoint ?? plan.Source.Hub!.Endpoint,
        Dns = form.Dns ?? plan.Source.Hub!.Dns,

        // Hubs of other tools forward, and their clients count on it.
        SpokeToSpoke = plan.Source.IsRunning ? running.Forwards : form.SpokeToSpoke ?? true,
    };

    private ImportPlan Checked(Tx tx, Origin origin, ImportWish wish, string? hash)
    {
        var plan = Plan(tx, origin, wish);
        if (plan.Hash != hash)
        {
            throw ImportErrors.Changed();
        }

        return plan.Blocks is { Count: > 0 } blocks ? throw ImportErrors.Blocked(blocks) : plan.Named(wish.Names, Present(tx, origin).Names);
    }

    private ImportPlan Plan(Tx tx, Origin origin, ImportWish wish)
    {
        var (source, key, _) = origin;
        var present = Present(tx, origin);
        if (hubs.Find(tx, tx.OwnHub) is { } hub)
        {
            return ImportPlan.Of(Compared(source, hub, key), ImportTarget.Of(hub), present, wish.WithoutIPv6);
        }

        // An interface's own network is not to be chosen, where it has one.
        Ipv4Network? network = Ipv4Network.TryParse(wish.Hub.NetworkCIDR, out var named) ? named : null;
        var target = (source.IsRunning ? ImportTarget.Of(source.Hub, null, key) : null) ?? ImportTarget.Of(source.Hub, network, key);
        var plan = ImportPlan.Of(source, wish.WithoutIPv6 && target is not null ? target with { Network6 = null } : target, present, wish.WithoutIPv6);
        return key is not null ? plan : plan with { Problems = ["The hub's private key is not in it, without which no client finds the hub again. Give its conf file too, or set this hub up first.", .. plan.Problems] };
    }

    private PresentState Present(Tx tx, Origin origin) => PresentState.Read(tx, leases, spokeStore, origin.Routes);

    private static ImportSource Compared(ImportSource source, HubConfig hub, PublicKey? key) => key == hub.Key
        ? source
        : source with { Notices = ["These clients trust another hub's key. They come in with name, address and key, but connect only after their configuration names this hub.", .. source.Notices] };

    private ImportDone Add(Tx tx, ImportPlan plan)
    {
        spokes.Add(tx, plan);
        return new(plan.Added, plan.Known, plan.LeftOut);
    }

    private async Task<Origin> OriginAsync(ImportSource source, CancellationToken cancellationToken)
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

    /// <param name="Key">Of the source's own private key; null when it has none.</param>
    private sealed record Origin(ImportSource Source, PublicKey? Key, IReadOnlyList<Ipv4Network> Routes);
}
