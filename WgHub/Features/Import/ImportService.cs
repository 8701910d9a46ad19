using WgHub.Features.Hub;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>What a person wants of an import.</summary>
/// <param name="Hub">Settings of a hub that is to be set up; what is missing comes from the source.</param>
internal sealed record ImportWish(HubForm Hub)
{
    /// <summary>By public key; the others get what the plan proposes.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>By public key: the one that it is to have, where it has none or several.</summary>
    public IReadOnlyDictionary<string, string> Addresses { get; init; } = new Dictionary<string, string>();

    /// <summary>Public keys of those that do not come, though they lose their connection by that.</summary>
    public IReadOnlySet<string> LeaveOut { get; init; } = new HashSet<string>();

    /// <summary>True: IPv6 addresses that this hub does not have or keep are left out; else they are a problem.</summary>
    public bool WithoutIPv6 { get; init; }

    /// <summary>True: networks behind peers that cannot come are left out; else they are a problem.</summary>
    public bool WithoutNetworks { get; init; }

    /// <summary>True: the hub may lose addresses besides its own in the network.</summary>
    public bool WithoutAddresses { get; init; }
}

internal sealed record ImportDone(int Added, int Known, int LeftOut);

/// <summary>Brings spokes from elsewhere into this hub, or makes this hub of one that was there before, as <see cref="ImportPlanner"/> said.</summary>
internal sealed class ImportService(
    Database database, HubStore hubs, HubSetUp setUp, ImportPlanner planner, SpokeImport spokes, RunningInterface running, Reconciler reconciler)
{
    /// <summary>
    /// Does what a plan said, in one transaction, and returns when the interface agrees. Once more is no error: who is there already stays as
    /// they are.
    /// </summary>
    /// <param name="hash">The plan's.</param>
    /// <exception cref="AppException">PLAN_CHANGED, IMPORT_BLOCKED, VALIDATION_FAILED.</exception>
    /// <exception cref="WgException">A hub that was to be set up is not; in one that was there the spokes are kept, and the next pass goes on.</exception>
    public async Task<ImportDone> ApplyAsync(ImportSource source, ImportWish wish, string? hash, Actor actor, CancellationToken cancellationToken)
    {
        var origin = await planner.OriginAsync(source, cancellationToken);
        if (hubs.Current is null)
        {
            return await SetUpAsync(planner.Checked(origin, wish, hash, cancellationToken), wish, actor, cancellationToken);
        }

        var batch = spokes.Prepare(planner.Checked(origin, wish, hash, cancellationToken));
        var done = await database.WriteAsync(actor, tx => spokes.Add(tx, batch), cancellationToken);
        await reconciler.ApplyAsync(cancellationToken);
        return done;
    }

    /// <summary>The hub and its spokes come together, and go together when the interface does not follow.</summary>
    private async Task<ImportDone> SetUpAsync(ImportPlan plan, ImportWish wish, Actor actor, CancellationToken cancellationToken)
    {
        var (source, target) = (plan.Source, plan.Target!);
        var former = new FormerHub(source.Hub!.PrivateKey!, target.HubKey!.Value, target.Address, source.IsRunning) { Address6 = target.Kept6 };
        var hubWish = await setUp.PrepareAsync(FormOf(plan, wish.Hub).ToNew(), former, cancellationToken);
        var batch = spokes.Prepare(plan);
        var (hub, done) = await database.WriteAsync(actor, tx => (setUp.Add(tx, hubWish), spokes.Add(tx, batch)), cancellationToken);
        await setUp.FollowAsync(hub, former, tx => spokes.Remove(tx, batch));
        return done;
    }

    private HubForm FormOf(ImportPlan plan, HubForm form) => form with
    {
        NetworkCIDR = plan.Target!.Network.ToString(),
        NetworkCIDRv6 = plan.Target.Network6?.ToString(),
        ListenPort = plan.Source.IsRunning ? plan.Source.Hub!.ListenPort : form.ListenPort ?? plan.Source.Hub!.ListenPort,
        Mtu = form.Mtu ?? plan.Source.Hub!.Mtu,
        PublicEndpoint = form.PublicEndpoint ?? form.Endpoint ?? plan.Source.Hub!.Endpoint,
        Dns = form.Dns ?? plan.Source.Hub!.Dns,

        // Hubs of other tools forward, and their clients count on it.
        SpokeToSpoke = plan.Source.IsRunning ? running.Forwards : form.SpokeToSpoke ?? true,
    };
}
