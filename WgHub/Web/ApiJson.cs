using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WgHub.Web;

internal static class ApiJson
{
    /// <summary>
    /// Our JSON is never part of a page (its type and <c>nosniff</c> see to that), so keys and sentences stay readable: no <c>\u002B</c> for a
    /// plus.
    /// </summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Only generated metadata, so that a forgotten type fails in a normal test and not first in the trimmed binary.</summary>
    public static void AddJsonRules(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Clear();
            Apply(json.SerializerOptions);
        });

    /// <summary>The same rules for what is written outside of an answer.</summary>
    public static JsonSerializerOptions OptionsFor(JsonSerializerDefaults defaults)
    {
        var options = new JsonSerializerOptions(defaults);
        Apply(options);
        return options;
    }

    /// <summary>Lets the endpoints read and write the types of one room.</summary>
    public static void AddApiJson(this IServiceCollection services, JsonSerializerContext types) =>
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Add(types));

    private static void Apply(JsonSerializerOptions options)
    {
        options.Converters.Add(new UtcConverter());
        options.MaxDepth = 16;
        options.Encoder = Encoder;
    }

    /// <summary>ISO 8601 in UTC, written with a Z and milliseconds.</summary>
    private sealed class UtcConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(UtcText.Of(value));
    }
}

internal static class UtcText
{
    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd' 'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static string Of(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>ISO 8601; without an offset it is UTC, without a time the beginning of the day.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
