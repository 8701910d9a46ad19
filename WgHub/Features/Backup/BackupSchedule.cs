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

    /// <summary>One look at the folder.</summary>
    public BackupStanding Look()
    {
        var now = time.GetUtcNow();
        var last = folder.List().FirstOrDefault(backup => backup.MadeAt <= now + ClockSlack);

        // Without any before, one is made at once: whoever sets a schedule sees that it works.
        var next = options.Value.When() is not { } when ? null : last is null ? now : when.GetNextOccurrence(last.MadeAt, time.LocalTimeZone);
        return new(
            last, next,
            next <= now && (state.Failure is not { } failure || failure.At + Again <= now),
            (last is null && next is not null ? _startedAt : next) + Grace <= now);
    }
}

/// <param name="Last">The last good one; null when there is none.</param>
/// <param name="Next">When the next one is made; null for never.</param>
/// <param name="IsDue">True when that is now.</param>
/// <param name="IsLate">True when one should have been made by now, and was not.</param>
internal sealed record BackupStanding(StoredBackup? Last, DateTimeOffset? Next, bool IsDue, bool IsLate);
