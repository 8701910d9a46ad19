using System.Text;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Sinks.File;

namespace WgHub.Hosting;

/// <summary>
/// The log as files, by the day and by size, for the owner alone. Serilog writes them and says nothing when it cannot: what it lost is
/// counted here, and <see cref="LogFileWatch"/> tells the console.
/// </summary>
internal sealed class LogFile : ITextFormatter, ILoggingFailureListener
{
    public const long LargestBytes = 32 * 1024 * 1024;

    private readonly LogFileLine _line;
    private long _lost;
    private volatile bool _isFailing;
    private volatile string? _reason;

    /// <param name="path">Its name before the day, such as <c>/var/log/hub.log</c>.</param>
    /// <param name="retainedFiles">How many are kept, the one that is written to included.</param>
    /// <exception cref="InvalidDataException">It cannot be written; tells the setting, the path and why.</exception>
    public LogFile(string path, int retainedFiles, LogFileLine line, long largestBytes = LargestBytes)
    {
        (Path, _line) = (path, line);
        MakeFolder();
        Logger = new LoggerConfiguration()
            .MinimumLevel.Verbose() // what comes here was let through by Log:Level
            .WriteTo.Fallible(
                to => to.File(
                    this,
                    path,
                    fileSizeLimitBytes: largestBytes,
                    rollingInterval: RollingInterval.Day,
                    rollOnFileSizeLimit: true,
                    retainedFileCountLimit: retainedFiles,
                    encoding: new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
                    hooks: new OwnerOnly()),
                this)
            .CreateLogger();
        Logger.ForContext(Constants.SourceContextPropertyName, typeof(LogFile).FullName).Information("The log is kept here.");
        if (Lost > 0)
        {
            Logger.Dispose();
            throw Unwritable(_reason);
        }
    }

    public string Path { get; }

    public Logger Logger { get; }

    /// <summary>Events that could not be written when they came; the last few before a disk has room again may still come.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>True when the last event was lost.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>Why the last event was lost.</summary>
    public string Reason => _reason ?? "";

    void ITextFormatter.Format(LogEvent logEvent, TextWriter output)
    {
        if (_isFailing)
        {
            output.WriteLine(); // a disk that was full has taken half a line: the next one is whole again
            _isFailing = false;
        }

        _line.Format(logEvent, output);
    }

    void ILoggingFailureListener.OnLoggingFailed(
        object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception)
    {
        _reason = exception?.Message ?? message;
        if (kind == LoggingFailureKind.Temporary)
        {
            return;
        }

        _isFailing = true;
        Interlocked.Add(ref _lost, events?.Count ?? 1);
    }

    private void MakeFolder()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(exception.Message);
        }
    }

    private InvalidDataException Unwritable(string? reason) => new($"{LogOptions.Section}:{nameof(LogOptions.File)} {Path} cannot be written: {reason}");

    /// <summary>The sink makes files as the umask has it, and takes one that is there as it is.</summary>
    private sealed class OwnerOnly : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return underlyingStream;
        }
    }
}
