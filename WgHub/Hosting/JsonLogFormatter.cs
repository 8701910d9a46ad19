using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace WgHub.Hosting;

/// <summary>The console as <see cref="LogLine.Json"/>.</summary>
internal sealed class JsonLogFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "wghub-json";

    private const string Template = "{OriginalFormat}";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var facts = (entry.State as IEnumerable<KeyValuePair<string, object?>> ?? []).Where(fact => fact.Key != Template);
        textWriter.WriteLine(
            LogLine.Json(
                time.GetUtcNow(), entry.LogLevel, entry.EventId.Name, entry.Formatter(entry.State, entry.Exception), entry.Category, facts, entry.Exception));
    }
}
