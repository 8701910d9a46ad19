using WgHub.Features.Backup;
using WgHub.Features.Hub;
using WgHub.Features.Metrics;
using WgHub.Storage;

namespace WgHub.Features.Doctor;

/// <summary>What only the hub that runs knows: how its own work goes.</summary>
internal sealed class JobsCheck(HubState state, HealthReport health, BackupState backup, Database database) : Check
{
    private const string Log = "journalctl -u wghub tells more.";

    public override string Name => "hub";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken) =>
        Task.FromResult(Or([.. Found(facts)], "The hub runs, and all of its background jobs do."));

    private IEnumerable<DoctorFinding> Found(HubFacts facts)
    {
        if (database.Lost is { } lost)
        {
            yield return Failure("DATABASE_LOST", lost, "Put the file back, or a backup in its place, and restart the hub: systemctl restart wghub");
        }

        // What other firewalls do is looked at anew, with the line that mends it.
        var faults = state.Faults.Count > 0 ? state.Faults.Except(state.Firewall.Foreign) : new[] { state.Failure }.OfType<string>();
        foreach (var fault in faults)
        {
            yield return Failure(
                "INTERFACE_FAULT", $"The interface {facts.Interface} could not be kept as wanted: {fault}",
                $"The hub tries again every few seconds. {Log}");
        }

        if (state.OpenDrift is { Refused: true } refused)
        {
            yield return Failure(
                "DRIFT_REFUSED",
                $"The hub has refused to remove {refused.Unknown.Count:N0} peers that the database does not know: rather the database has lost them.",
                $"wghub restore FILE; or remove them by hand: wg set {facts.Interface} peer KEY remove");
        }

        // Why no backup could be made, the check of backups tells.
        foreach (var job in health.Failing.Where(job => backup.Failure is null || job.Name != nameof(BackupLoop)))
        {
            yield return Warning("JOB_FAILED", $"{job.Name}: {job.Failure}", $"The next pass tries again. {Log}");
        }
    }
}
