using System.Text.Json;
using System.Text.Json.Serialization;

namespace WgHub.Web;

internal static class ApiJson
{
    /// <summary>Only generated metadata, so that a forgotten type fails in a normal test and not first in the trimmed binary.</summary>
    public static void AddJsonRules(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Clear();
            json.SerializerOptions.Converters.Add(new UtcConverter());
            json.SerializerOptions.MaxDepth = 16;
        });

    /// <summary>Lets the endpoints read and write the types of one room.</summary>
    public static void AddApiJson(this IServiceCollection services, JsonSerializerContext types) =>
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Add(types));

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
    public static string Of(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
