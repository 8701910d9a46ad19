using Microsoft.Extensions.Options;
using WgHub.Features.Backup;
using WgHub.Web;

namespace WgHub.Features.Doctor;

/// <summary>Whether the hub could be brought back.</summary>
internal sealed class BackupCheck(BackupSchedule schedule, BackupState state, IOptions<BackupOptions> options, TimeProvider time) : Check
{
    /// <summary>Without a schedule nobody has said how old is too old.</summary>
    private static readonly TimeSpan Old = TimeSpan.FromDays(7);

    private const string Look = "The page Backups tells more; wghub backup FILE makes one now (docs/backup.md).";

    public override string Name => "backup";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DoctorFinding>>(facts.Hub is null ? [] : [.. Standing(), .. Failures()]);

    private IEnumerable<DoctorFinding> Standing()
    {
        var (standing, now) = (schedule.Look(), time.GetUtcNow());
        yield return (standing.Last, options.Value.Schedule.Length > 0) switch
        {
            (null, true) => Warning("BACKUP_NONE", "There is no good backup yet.", Look),
            ({ } last, true) when standing.IsLate => Warning(
                "BACKUP_LATE", $"The last good backup was made {Age.Of(last.MadeAt, now)}, and another one was due.",
                Look),
            ({ } last, false) when now - last.MadeAt > Old => Warning(
                "BACKUP_OFF", $"No schedule makes backups, and the last one was made {Age.Of(last.MadeAt, now)}.",
                ScheduleWay),
            (null, false) => Warning("BACKUP_OFF", "No schedule makes backups, and there is none in the folder.", ScheduleWay),
            ({ } last, _) => Ok($"The last good backup was made {Age.Of(last.MadeAt, now)}."),
        };
    }

    private const string ScheduleWay =
        "Set Backup:Schedule and Backup:Recipient, which wghub backup keygen makes (docs/backup.md). Backups made elsewhere are not seen here.";

    private IEnumerable<DoctorFinding> Failures()
    {
        if (state.Failure is { } failure)
        {
            yield return Warning("BACKUP_FAILED", $"No backup could be made: {failure.Sentence}", Look);
        }

        if (state.AfterFailure is { } after)
        {
            yield return Warning("BACKUP_AFTER_FAILED", $"What is run after a backup failed: {after.Sentence}", "Mend the program that Backup:After names.");
        }
    }
}
