using Microsoft.Extensions.Logging.Console;
using Serilog.Extensions.Logging;

namespace WgHub.Hosting;

/// <summary>Where the hub tells what it does: on the console, and in a file when one is named.</summary>
internal static class HubLog
{
    /// <param name="folder">Where a file lies whose setting names no folder.</param>
    /// <param name="level">In place of the one of the settings.</param>
    /// <param name="notKept">What tells something to who reads the console now, and is not to be in a file.</param>
    /// <exception cref="InvalidDataException">The file cannot be written.</exception>
    public static void AddHubLog(this ILoggingBuilder logging, LogOptions options, string folder, LogLevel? level, TimeProvider time, Type notKept)
    {
        var least = level ?? Enum.Parse<LogLevel>(options.Level, ignoreCase: true);
        logging.SetMinimumLevel(least).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", least);
        AddConsole(logging, options.IsJson);
        if (options.File.Length > 0)
        {
            AddFile(logging, options, folder, time, notKept);
        }
    }

    private static void AddConsole(ILoggingBuilder logging, bool isJson)
    {
        if (isJson)
        {
            logging.AddConsole(console => console.FormatterName = JsonLogFormatter.FormatterName).AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
            return;
        }

        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            console.UseUtcTimestamp = true;
        });
    }

    private static void AddFile(ILoggingBuilder logging, LogOptions options, string folder, TimeProvider time, Type notKept)
    {
        var file = new LogFile(Path.GetFullPath(options.File, Path.GetFullPath(folder)), options.RetainedFiles, new(options.IsJson, time));

        // Not AddSerilog, which lets everything through, past the filters. And without scopes: theirs are the paths of requests, with tokens in them.
        logging.Services.Configure<LoggerFilterOptions>(filter => filter.CaptureScopes = false);
        logging.Services.AddSingleton<ILoggerProvider>(_ => new SerilogLoggerProvider(file.Logger, dispose: true));
        logging.AddFilter<SerilogLoggerProvider>(notKept.FullName, LogLevel.None);
        logging.Services.AddSingleton(file);
        logging.Services.AddLoop<LogFileWatch>();
    }
}
