using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace WgHub.Hosting;

/// <summary>One JSON object a line: timestamp, level, event when it has a name, message, and what the message is made of.</summary>
internal sealed class JsonLogFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "wghub-json";

    private const string Template = "{OriginalFormat}";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", Level(entry.LogLevel));
            if (entry.EventId.Name is { } name)
            {
                json.WriteString("event", name);
            }

            json.WriteString("message", entry.Formatter(entry.State, entry.Exception));
            json.WriteString("category", entry.Category);
            foreach (var (key, value) in entry.State as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                if (key != Template)
                {
                    json.WriteString(JsonNamingPolicy.CamelCase.ConvertName(key), Convert.ToString(value, CultureInfo.InvariantCulture));
                }
            }

            if (entry.Exception is { } exception)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "ERROR",
        LogLevel.Warning => "WARN",
        LogLevel.Information => "INFO",
        _ => "DEBUG",
    };
}
