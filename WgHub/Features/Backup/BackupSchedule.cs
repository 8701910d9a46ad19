using Microsoft.Extensions.Options;

namespace WgHub.Features.Backup;

/// <summary>When backups are made, and whether the last good one is too old.</summary>
internal sealed class BackupSchedule(BackupFolder folder, BackupState state, IOptions<BackupOptions> options, TimeProvider time)
{
    /// <summary>After a failure: what is wrong may be mended, and a full disk is not tried each minute.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(15);

    /// <summary>So long after its time one may be under way, or be tried again.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>A clock that goes wrong for a moment stamps a backup with a time that has not come; it does not stand for all until then.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>Null when there is none.</summary>
    public StoredBackup? Last => folder.List().FirstOrDefault(backup => backup.MadeAt <= time.GetUtcNow() + ClockSlack);

    /// <summary>Null for never.</summary>
    public DateTimeOffset? Next => After(Last?.MadeAt);

    public bool IsDue => Next <= time.GetUtcNow() && (state.Failure is not { } failure || failure.At + Again <= time.GetUtcNow());

    /// <summary>True when one should have been made by now, and was not.</summary>
    public bool IsLate => (Last is null && Next is not null ? _startedAt : Next) + Grace <= time.GetUtcNow();

    /// <summary>Without any before, one is made at once: whoever sets a schedule sees that it works.</summary>
    private DateTimeOffset? After(DateTimeOffset? last) => options.Value.When() is not { } when ? null
        : last is null ? time.GetUtcNow()
        : when.GetNextOccurrence(last.Value, time.LocalTimeZone);
}
