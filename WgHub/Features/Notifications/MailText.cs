using System.Globalization;
using System.Text;
using System.Text.Json;

namespace WgHub.Features.Notifications;

/// <summary>A message as people read it.</summary>
internal static class MailText
{
    private const int LongestSubject = 120;

    /// <summary>One line, without anything that could end it.</summary>
    public static string SubjectOf(JsonElement message)
    {
        var data = message.GetProperty("data");
        var level = Text(data, "level") is { } told and not "info" ? $"{told}: " : "";
        var name = NameOf(data) is { } known ? $"{known}: " : "";
        var line = new string([.. $"{level}{name}{Text(data, "sentence")}".Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length > LongestSubject ? line[..LongestSubject] : line;
    }

    public static string Of(JsonElement message)
    {
        var text = new StringBuilder();
        Tell(text, message);
        if (message.GetProperty("data").TryGetProperty("events", out var events))
        {
            text.Append('\n');
            foreach (var one in events.EnumerateObject())
            {
                text.Append(CultureInfo.InvariantCulture, $"{one.Value.GetInt64(),8:N0}  {one.Name}\n");
            }

            text.Append("\nThe first of them:\n");
            foreach (var one in message.GetProperty("data").GetProperty("first").EnumerateArray())
            {
                text.Append('\n');
                Tell(text, one);
            }
        }

        return text.Append("\n-- \nSent by WgHub. Who is told of what is decided on its page Notifications.\n").ToString();
    }

    private static void Tell(StringBuilder text, JsonElement message)
    {
        var data = message.GetProperty("data");
        text.Append(Text(data, "sentence")).Append('\n');
        Line(text, "event", Text(message, "type"));
        Line(text, "level", Text(data, "level"));
        Line(text, "at", Text(message, "timestamp"));
        Line(text, data.TryGetProperty("subject", out var subject) ? Text(subject, "kind") : null, NameOf(data));
        Line(text, "group", data.TryGetProperty("subject", out subject) ? Text(subject, "group") : null);
        Line(text, "by", Text(data, "actor"));
        if (data.TryGetProperty("details", out var details))
        {
            foreach (var fact in details.EnumerateObject())
            {
                Line(text, fact.Name, fact.Value.ToString());
            }
        }
    }

    private static void Line(StringBuilder text, string? name, string? value)
    {
        if (name is { Length: > 0 } && value is { Length: > 0 })
        {
            text.Append(CultureInfo.InvariantCulture, $"  {name}: {value.ReplaceLineEndings(" ")}\n");
        }
    }

    private static string? NameOf(JsonElement data) => data.TryGetProperty("subject", out var subject) ? Text(subject, "name") : null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
