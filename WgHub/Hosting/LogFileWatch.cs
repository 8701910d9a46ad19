namespace WgHub.Hosting;

/// <summary>Tells once when the log file takes nothing any more, and once when it does again.</summary>
internal sealed partial class LogFileWatch(LogFile file, TimeProvider time, ILogger<LogFileWatch> logger) : Loop(TimeSpan.FromSeconds(5), new(), time, logger)
{
    private long _lost;
    private long? _lostBefore;

    public override Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var lost = file.Lost;
        if (_lostBefore is null && lost > _lost)
        {
            _lostBefore = _lost;
            LogLost(file.Path, file.Reason);
        }
        else if (_lostBefore is { } before && !file.IsFailing)
        {
            _lostBefore = null;
            LogWritten(file.Path, lost - before);
        }

        _lost = lost;
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log file {Path} cannot be written, events are told here alone: {Reason}")]
    private partial void LogLost(string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log file {Path} is written again; up to {Missing} events are missing in it.")]
    private partial void LogWritten(string path, long missing);
}
