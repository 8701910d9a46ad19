namespace WgHub.Hosting;

/// <summary>Tells once when the log file takes nothing any more, and once when it does again.</summary>
internal sealed partial class LogFileWatch(LogFile file, TimeProvider time, ILogger<LogFileWatch> logger) : Loop(TimeSpan.FromSeconds(5), new(), time, logger)
{
    private long _lost;
    private long _written;
    private long _lostBefore;
    private bool _isTold;

    public override Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var (lost, written) = (file.Lost, file.Written);
        if (lost > _lost && !_isTold)
        {
            (_isTold, _lostBefore) = (true, _lost);
            LogLost(file.Path, file.Reason);
        }
        else if (lost == _lost && written > _written && _isTold)
        {
            _isTold = false;
            LogWritten(file.Path, lost - _lostBefore);
        }

        (_lost, _written) = (lost, written);
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log file {Path} cannot be written, events are told here alone: {Reason}")]
    private partial void LogLost(string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log file {Path} is written again; up to {Missing} events are missing in it.")]
    private partial void LogWritten(string path, long missing);
}
