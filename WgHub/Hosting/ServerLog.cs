using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Serilog.Extensions.Logging;

namespace WgHub.Hosting;

/// <summary>Where the hub tells what it does: on the console, and in a file when one is named.</summary>
internal static class ServerLog
{
    /// <param name="folder">Where a file lies whose setting names no folder.</param>
    /// <param name="level">In place of the one of the settings.</param>
    /// <exception cref="InvalidDataException">The file cannot be written.</exception>
    public static void AddServerLog(this ILoggingBuilder logging, LogOptions options, string folder, LogLevel? level, TimeProvider time)
    {
        var least = level ?? Enum.Parse<LogLevel>(options.Level, ignoreCase: true);
        logging.SetMinimumLevel(least).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", least);
        logging.Services.AddSingleton<LogLevels>();
        logging.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(provider => provider.GetRequiredService<LogLevels>());
        logging.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(provider => provider.GetRequiredService<LogLevels>());
        AddConsole(logging, options.IsJson);
        if (options.File.Length > 0)
        {
            AddFile(logging, options, folder, time);
        }
    }

    /// <summary>What tells something to whoever reads the console now, and is not to be in a file.</summary>
    public static void AddNotKept<T>(this IServiceCollection services) => services.AddSingleton(new NotKept(typeof(T).FullName!));

    private static void AddConsole(ILoggingBuilder logging, bool isJson)
    {
        logging.AddConsole(console => console.FormatterName = isJson ? JsonLogFormatter.FormatterName : TextLogFormatter.FormatterName)
            .AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>()
            .AddConsoleFormatter<TextLogFormatter, ConsoleFormatterOptions>();
    }

    private static void AddFile(ILoggingBuilder logging, LogOptions options, string folder, TimeProvider time)
    {
        var file = new LogFile(Path.GetFullPath(options.File, Path.GetFullPath(folder)), options.RetainedFiles, new(options.IsJson, time));

        // Not AddSerilog, which lets everything through, past the filters. And without scopes: theirs are the paths of requests, with tokens in them.
        logging.Services.Configure<LoggerFilterOptions>(filter => filter.CaptureScopes = false);
        logging.Services.AddSingleton<ILoggerProvider>(_ => new SerilogLoggerProvider(file.Logger, dispose: true));
        logging.Services.AddOptions<LoggerFilterOptions>().Configure<IEnumerable<NotKept>>((filter, categories) =>
        {
            foreach (var category in categories)
            {
                filter.AddFilter<SerilogLoggerProvider>(category.Name, LogLevel.None);
            }
        });
        logging.Services.AddSingleton(file);
        logging.Services.AddLoop<LogFileWatch>();
    }

    /// <param name="Name">Of the logger.</param>
    private sealed record NotKept(string Name);
}
