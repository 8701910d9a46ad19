using Microsoft.Extensions.Options;
using WgHub.Features.Hub;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>Drift: the peers of the interface beside those of the database.</summary>
internal sealed class PeersCheck(LocalHub local, IOptions<WireGuardOptions> options) : Check
{
    public override string Name => "peers";

    public override async Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            if (facts.Hub is null || await local.ReadAsync(isCompared: true, cancellationToken) is not { Failure: null } report)
            {
                return []; // that there is no interface is told elsewhere
            }

            var plan = report.Drift;
            if (!plan.IsEmpty && await local.ReadAsync(isCompared: true, cancellationToken) is { } again)
            {
                plan = plan.And(again.Drift); // a change on its way between the two readings is no drift
            }

            return Or([.. Found(plan, facts)], $"{report.Peers.Count:N0} peers are on {facts.Interface}, as the database has them.");
        }
        catch (StorageException exception)
        {
            return [Warning(
                "PEERS_NOT_COMPARED", $"Peers cannot be compared: {exception.Message}",
                "The page Doctor of the running hub can. Or give the master key: WGHUB_MASTER_KEY=… wghub doctor")];
        }
    }

    private IEnumerable<DoctorFinding> Found(PeerPlan plan, HubFacts facts)
    {
        if (plan.Missing.Count > 0)
        {
            yield return Failure(
                "DRIFT_MISSING", $"{Peers(plan.Missing)} not on {facts.Interface}: {Told(plan.Missing)}. Their spokes are cut off.",
                facts.Mending);
        }

        if (plan.Changed.Count > 0)
        {
            yield return Failure("DRIFT_CHANGED", $"{Peers(plan.Changed)} changed by hand on {facts.Interface}: {Told(plan.Changed)}.", facts.Mending);
        }

        if (plan.Unwanted.Count > 0)
        {
            yield return Failure(
                "DRIFT_UNWANTED", $"{Peers(plan.Unwanted)} disabled or expired and still on {facts.Interface}: {Told(plan.Unwanted)}.", facts.Mending);
        }

        if (plan.Unknown.Count > 0)
        {
            yield return Warning(
                "DRIFT_UNKNOWN", $"{Peers(plan.Unknown)} on {facts.Interface} and not in the database: {Told(plan.Unknown)}.",
                options.Value.DriftPolicy == "report" || facts.ServedBy is not null
                    ? $"wg set {facts.Interface} peer {plan.Unknown[0]} remove, for each; or, when the database has lost them, wghub restore FILE"
                    : facts.Mending);
        }
    }

    private static string Peers(IReadOnlyCollection<PublicKey> keys) => keys.Count == 1 ? "1 peer is" : $"{keys.Count:N0} peers are";

    private static string Told(IReadOnlyCollection<PublicKey> keys)
    {
        const int Shown = 3;
        return string.Join(", ", keys.Take(Shown)) + (keys.Count > Shown ? $" and {keys.Count - Shown:N0} more" : "");
    }
}
