using System.Text.Json;
using System.Text.Unicode;

namespace WgHub.Features.Auth.Oidc;

/// <summary>
/// Reads JSON that somebody else wrote. What two readers could understand differently is refused: names that come twice, text that is no
/// Unicode.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <returns>The object, or null for anything else.</returns>
    public static JsonElement? ParseObject(ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            ReadAllText(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null; // an escaped half of a surrogate pair: JSON allows it, no text holds it
        }
    }

    /// <returns>Null when it is missing or no string.</returns>
    public static string? Text(this JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.AsText() : null;

    public static string? AsText(this JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static bool Has(this JsonElement json, string name) => json.TryGetProperty(name, out _);

    /// <summary>A string is one text, an array is many; what else is there counts for nothing.</summary>
    public static IEnumerable<string> Texts(this JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(AsText).OfType<string>()
        : value.AsText() is { } text ? [text]
        : [];

    /// <summary>Seconds since 1970, whole or not (RFC 7519, NumericDate).</summary>
    /// <returns>Null when it is missing, no number, or no time.</returns>
    public static DateTimeOffset? Time(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var seconds)
            && seconds
            is >= 0
            and < 253_402_300_799
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private static void ReadAllText(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    _ = member.Name;
                    ReadAllText(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    ReadAllText(item);
                }

                break;
            case JsonValueKind.String:
                _ = json.GetString();
                break;
        }
    }
}
