using System.Diagnostics.CodeAnalysis;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>What a change of the hub's settings would do.</summary>
/// <param name="Question">Who would be affected.</param>
/// <param name="Taken">Number of addresses that are taken, the hub's own among them.</param>
internal sealed record HubPlan(HubQuestion Question, IReadOnlyList<HubOverlap> Overlaps, long Taken);

/// <summary>Makes a change of the hub's settings, and undoes it: so it finds what only the database knows. The interface hears nothing of it.</summary>
internal sealed class HubTrial(Database database, HubStore hubs, HubService service, HubOverlaps overlaps, SpokeReachStore reach, LeaseStore leases)
{
    /// <exception cref="AppException">As the change itself; but what overlaps is told in the plan, and no refusal.</exception>
    /// <exception cref="WgException">ip refused.</exception>
    public async Task<HubPlan> RunAsync(HubForm form, Actor actor, CancellationToken cancellationToken)
    {
        var before = hubs.Required();
        var after = form.ToChanged(before).ApplyTo(before);
        if (after.ListenPort != before.ListenPort)
        {
            HubMachine.PortIsFree(after.ListenPort);
        }

        var found = await overlaps.FindAsync(before, after, cancellationToken);
        try
        {
            await database.WriteAsync(
                actor,
                tx =>
                {
                    service.Store(tx, before, after);
                    throw new Undone();
                },
                cancellationToken);
        }
        catch (Undone)
        {
        }

        return new(new(before, after, reach.List(before.Id)), found, leases.Usage()?.Taken ?? 0);
    }

    /// <summary>Ends the transaction without a trace.</summary>
    [SuppressMessage("Design", "CA1032", Justification = "Nobody else throws or catches it.")]
    [SuppressMessage("Design", "CA1064", Justification = "Nobody else throws or catches it.")]
    private sealed class Undone : Exception;
}
