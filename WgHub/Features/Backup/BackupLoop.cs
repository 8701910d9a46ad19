using Microsoft.Extensions.Options;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Backup;

/// <summary>Makes backups when their time has come, also one that was missed while the hub did not run, and runs what is to be run after each.</summary>
internal sealed partial class BackupLoop(
    BackupService service, BackupSchedule schedule, BackupState state, IOptions<BackupOptions> options, DataDirectory data, TimeProvider time,
    ILogger<BackupLoop> logger) : Loop(TimeSpan.FromMinutes(1), state.Made, time, logger)
{
    private static readonly TimeSpan AfterLimit = TimeSpan.FromHours(1);

    private readonly TimeProvider _time = time;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        ScratchFolder.Sweep(data, _time); // what a command that was killed has left in clear
        if (schedule.Look().IsDue)
        {
            await service.MakeAsync(Actor.System, cancellationToken);
        }

        while (state.TryTakeFresh(out var file))
        {
            await RunAfterAsync(file, cancellationToken);
        }
    }

    private async Task RunAfterAsync(string file, CancellationToken cancellationToken)
    {
        if (options.Value.After is not { Length: > 0 } program)
        {
            return;
        }

        try
        {
            await OperatorsProgram.RunAsync(program, [file], AfterLimit, cancellationToken);
            state.AfterRan(null);
        }
        catch (WgException exception)
        {
            state.AfterRan(new(_time.GetUtcNow(), exception.Message));
            LogAfterFailed(exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, EventName = "backup_after_failed", Message = "What Backup:After names failed after a backup: {Reason}")]
    private partial void LogAfterFailed(string reason);
}
