using System.Globalization;
using System.Text.Json.Nodes;

namespace WgHub.Cli.Apply;

/// <summary>Compares what is there with what is wanted, member by member. What a file does not say may be as it is.</summary>
internal static class Difference
{
    /// <returns>The members that differ, as they are and as they are to be; null when none does.</returns>
    public static (JsonObject Before, JsonObject After)? Of(JsonObject present, JsonObject wanted)
    {
        var (before, after) = (new JsonObject(), new JsonObject());
        foreach (var (member, value) in wanted)
        {
            var now = present[member];
            if (!IsSame(member, now, value))
            {
                before[member] = now?.DeepClone();
                after[member] = value?.DeepClone();
            }
        }

        return after.Count > 0 ? (before, after) : null;
    }

    private static bool IsSame(string member, JsonNode? now, JsonNode? wanted) =>
        JsonNode.DeepEquals(now, wanted)
        || (IsNothing(now) && IsNothing(wanted))
        || (member == "expiresAt" && TimeOf(now) is { } a && a == TimeOf(wanted))
        || (member is "via" or "standby" or "group" && string.Equals(now?.ToString(), wanted?.ToString(), StringComparison.OrdinalIgnoreCase));

    /// <summary>Nothing is spelt in three ways: null, an empty text, an empty list.</summary>
    private static bool IsNothing(JsonNode? value) => value is null or JsonArray { Count: 0 } || value is JsonValue && value.ToString().Length == 0;

    private static DateTimeOffset? TimeOf(JsonNode? value) =>
        DateTimeOffset.TryParse(value?.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
