using WgHub.Features.Backup;
using WgHub.Features.Hub;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Metrics;

/// <summary>What is wrong at this moment, from all rooms.</summary>
internal sealed class HealthReport(IServiceProvider services, HubState hub, Database database, BackupState backups, BackupSchedule schedule)
{
    /// <summary>The background jobs, by name.</summary>
    public IReadOnlyList<LoopDto> Loops => [.. services.GetServices<IHostedService>().OfType<Loop>()
        .Select(loop => new LoopDto(loop.GetType().Name, loop.LastPass, loop.Failure)).OrderBy(loop => loop.Name, StringComparer.Ordinal)];

    /// <summary>Those that failed at something else than the interface, which is told by itself.</summary>
    public IEnumerable<LoopDto> Failing => Loops.Where(loop => loop.Failure is not null && loop.Failure != hub.Failure);

    /// <summary>In sentences; nothing when all is well.</summary>
    public IReadOnlyList<string> Why =>
    [
        .. new[] { database.Lost, hub.Failure, backups.Failure?.Sentence, backups.AfterFailure?.Sentence }.OfType<string>(),
        .. schedule.Look().IsLate ? ["The last good backup is too old."] : Array.Empty<string>(),
        .. Failing.Where(loop => loop.Failure != backups.Failure?.Sentence).Select(loop => $"{loop.Name}: {loop.Failure}"),
    ];
}
