using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace WgHub.Hosting;

/// <summary>Writes an event into the log file as the console tells it.</summary>
internal sealed class LogFileLine(bool isJson, TimeProvider time) : ITextFormatter
{
    private const string Category = Constants.SourceContextPropertyName;
    private const string Event = "EventId";

    /// <summary>Where Serilog puts an event that has facts and no template, such as those of the audit log: it is the message once more.</summary>
    private const string NoTemplate = "{State:l}";

    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(logEvent, text);
        var id = (logEvent.Properties.GetValueOrDefault(Event) as StructureValue)?.Properties.ToDictionary(part => part.Name, part => Plain(part.Value));
        var (level, category) = (LevelConvert.ToExtensionsLevel(logEvent.Level), $"{Plain(logEvent.Properties.GetValueOrDefault(Category))}");
        output.WriteLine(isJson
            ? LogLine.Json(time.GetUtcNow(), level, id?.GetValueOrDefault("Name") as string, text.ToString(), category, FactsOf(logEvent), logEvent.Exception)
            : LogLine.Text(time.GetUtcNow(), level, id?.GetValueOrDefault("Id") as int? ?? 0, text.ToString(), category, logEvent.Exception));
    }

    private static IEnumerable<KeyValuePair<string, object?>> FactsOf(LogEvent logEvent) =>
        logEvent.Properties
            .Where(fact => fact.Key is not (Category or Event) && !(fact.Key == "State" && logEvent.MessageTemplate.Text == NoTemplate))
            .Select(fact => KeyValuePair.Create(fact.Key, Plain(fact.Value)));

    private static object? Plain(LogEventPropertyValue? value) => value is ScalarValue scalar ? scalar.Value : value?.ToString();
}
