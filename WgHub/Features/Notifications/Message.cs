using System.Text;
using System.Text.Json;
using WgHub.Web;

namespace WgHub.Features.Notifications;

/// <summary>What a receiver gets: <c>{type, timestamp, data}</c>, as Standard Webhooks has it. Mail is made of the same.</summary>
internal static class Message
{
    public static string Of(Occurrence one) => Write(one.Event.Name, one.At, json => WriteData(json, one));

    /// <summary>What a person asked for, to see whether it comes.</summary>
    public static string Test(DateTimeOffset at) => Write(Delivery.Test, at, json =>
    {
        json.WriteString("level", NotifiedEvent.NameOf(EventLevel.Info));
        json.WriteString("sentence", "This is a test: notifications of this hub come through.");
    });

    public static string Of(DigestDraft digest) => Write(Delivery.Digest, digest.Until, json =>
    {
        json.WriteString("level", digest.Level);
        json.WriteString("sentence", FormattableString.Invariant($"{digest.Count:N0} events in one message."));
        json.WriteNumber("count", digest.Count);
        json.WriteString("from", UtcText.Of(digest.From));
        json.WriteString("until", UtcText.Of(digest.Until));
        json.WriteStartObject("events");
        foreach (var (name, count) in digest.Events)
        {
            json.WriteNumber(name, count);
        }

        json.WriteEndObject();
        json.WriteStartArray("first");
        digest.First.ForEach(one => json.WriteRawValue(one));
        json.WriteEndArray();
    });

    private static void WriteData(Utf8JsonWriter json, Occurrence one)
    {
        json.WriteString("id", one.Id);
        json.WriteString("level", one.Event.LevelName);
        json.WriteString("sentence", one.Event.Sentence);
        json.WriteString("actor", one.Actor);
        json.WriteStartObject("subject");
        json.WriteString("kind", one.Event.Of.Word);
        json.WriteString("id", one.SubjectId);
        json.WriteString("name", one.SubjectName);
        json.WriteString("group", one.Group);
        json.WriteEndObject();
        json.WritePropertyName("details");
        json.WriteRawValue(one.Detail);
    }

    private static string Write(string type, DateTimeOffset at, Action<Utf8JsonWriter> data)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("timestamp", UtcText.Of(at));
            json.WriteStartObject("data");
            data(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}

/// <summary>Many events on their way to be one message: counts of all, and the first of them whole. It does not grow with their number.</summary>
internal sealed record DigestDraft
{
    private const int MostWhole = 20;

    public long Count { get; init; }

    public DateTimeOffset From { get; init; }

    public DateTimeOffset Until { get; init; }

    /// <summary>The loudest of them.</summary>
    public string Level { get; init; } = "info";

    /// <summary>How many of each name.</summary>
    public SortedDictionary<string, long> Events { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The first messages, as JSON.</summary>
    public List<string> First { get; init; } = [];

    public DigestDraft With(IReadOnlyList<Occurrence> more)
    {
        var events = new SortedDictionary<string, long>(Events, StringComparer.Ordinal);
        foreach (var one in more)
        {
            events[one.Event.Name] = events.GetValueOrDefault(one.Event.Name) + 1;
        }

        var level = NotifiedEvent.TryParseLevel(Level, out var known) ? known : EventLevel.Info;
        return new()
        {
            Count = Count + more.Count,
            From = Count == 0 ? more[0].At : From,
            Until = more[^1].At,
            Level = NotifiedEvent.NameOf(more.Select(one => one.Event.Level).Append(level).Max()),
            Events = events,
            First = [.. First.Concat(more.Select(Message.Of)).Take(MostWhole)],
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, NotificationJson.Default.DigestDraft);

    public static DigestDraft FromJson(string json) => JsonSerializer.Deserialize(json, NotificationJson.Default.DigestDraft)!;
}
