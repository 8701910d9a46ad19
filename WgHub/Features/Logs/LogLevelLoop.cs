using WgHub.Hosting;

namespace WgHub.Features.Logs;

/// <summary>Takes a level back when its time is over.</summary>
internal sealed partial class LogLevelLoop(LogLevels levels, TimeProvider time, ILogger<LogLevelLoop> logger)
    : Loop(TimeSpan.FromSeconds(10), new(), time, logger)
{
    private readonly TimeProvider _time = time;

    public override Task RunOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var set in levels.Expire(_time.GetUtcNow()))
        {
            LogOver(set.Category);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, EventName = "log_level_restored", Message = "The log of {Part} is as the settings say again.")]
    private partial void LogOver(string part);
}
