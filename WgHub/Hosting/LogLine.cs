using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WgHub.Hosting;

/// <summary>How one event of the log is written, without the end of the line.</summary>
internal static class LogLine
{
    /// <summary>One JSON object: timestamp, level, event when it has a name, message, and what the message is made of.</summary>
    /// <param name="name">Null for an event without one.</param>
    public static string Json(
        DateTimeOffset at, LogLevel level, string? name, string message, string category, IEnumerable<KeyValuePair<string, object?>> facts,
        Exception? exception)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", Level(level));
            if (name is not null)
            {
                json.WriteString("event", name);
            }

            json.WriteString("message", message);
            json.WriteString("category", category);
            if (RequestId.Current is { } request)
            {
                json.WriteString("requestId", request);
            }

            foreach (var (key, value) in facts)
            {
                json.WriteString(JsonNamingPolicy.CamelCase.ConvertName(key), Convert.ToString(value, CultureInfo.InvariantCulture));
            }

            if (exception is not null)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>As the framework's simple formatter writes it, with the request's id behind: whatever an event holds, it is one line.</summary>
    public static string Text(DateTimeOffset at, LogLevel level, int id, string message, string category, Exception? exception)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {ShortLevel(level)}: {category}[{id}] {message}");
        var whole = exception is null ? text : $"{text} {exception}";
        return (RequestId.Current is { } request ? $"{whole} [{request}]" : whole).ReplaceLineEndings(" ");
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "ERROR",
        LogLevel.Warning => "WARN",
        LogLevel.Information => "INFO",
        _ => "DEBUG",
    };

    private static string ShortLevel(LogLevel level) => level switch
    {
        LogLevel.Critical => "crit",
        LogLevel.Error => "fail",
        LogLevel.Warning => "warn",
        LogLevel.Information => "info",
        _ => "dbug",
    };
}
