using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WgHub.Cli.Remote;

/// <summary>What an answer holds, as text of one line.</summary>
internal static class JsonText
{
    /// <param name="member">Of a member by dots.</param>
    public static JsonElement? Member(JsonElement of, string member)
    {
        foreach (var name in member.Split('.'))
        {
            if (of.ValueKind != JsonValueKind.Object || !of.TryGetProperty(name, out of))
            {
                return null;
            }
        }

        return of;
    }

    public static string Of(JsonElement of, string member) => Member(of, member) is { } found ? Of(found) : "";

    /// <summary>Nothing in it moves the terminal's cursor or begins a line: names of machines come from strangers.</summary>
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array when value.EnumerateArray().All(one => one.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) =>
            string.Join(',', value.EnumerateArray().Select(Of)),
        JsonValueKind.String => Harmless(value.GetString()!),
        _ => Harmless(value.GetRawText()),
    };

    /// <summary>What was built as what was read.</summary>
    public static JsonElement ElementOf(JsonNode? node)
    {
        using var json = JsonDocument.Parse(node?.ToJsonString() ?? "null");
        return json.RootElement.Clone();
    }

    /// <summary>All members, those of members by dots, as lines of name and value.</summary>
    public static IEnumerable<(string Name, string Value)> Flat(JsonElement of, string before = "") => of.ValueKind switch
    {
        JsonValueKind.Object => of.EnumerateObject().SelectMany(one => Flat(one.Value, before.Length > 0 ? $"{before}.{one.Name}" : one.Name)),
        JsonValueKind.Array when of.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.Object) =>
            of.EnumerateArray().SelectMany((one, index) => Flat(one, $"{before}[{index}]")),
        _ => [(before, Of(of))],
    };

    private static string Harmless(string text) => text.Any(IsHarmful) ? string.Concat(text.Select(letter => IsHarmful(letter) ? ' ' : letter)) : text;

    /// <summary>What a terminal obeys, and what turns a line around or ends it.</summary>
    private static bool IsHarmful(char letter) => char.GetUnicodeCategory(letter)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
