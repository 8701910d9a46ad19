using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace WgHub.Hosting;

/// <summary>The console as <see cref="LogLine.Text"/>.</summary>
internal sealed class TextLogFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "wghub-text";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter) =>
        textWriter.WriteLine(
            LogLine.Text(time.GetUtcNow(), entry.LogLevel, entry.EventId.Id, entry.Formatter(entry.State, entry.Exception), entry.Category, entry.Exception));
}
