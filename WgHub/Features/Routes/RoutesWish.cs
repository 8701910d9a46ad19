using System.Text.Json;
using System.Text.Json.Serialization;

namespace WgHub.Features.Routes;

/// <summary>What somebody asks for as routes, not yet read: a word or networks. None means to follow the group.</summary>
[JsonConverter(typeof(RoutesWishJson))]
internal sealed record RoutesWish(IReadOnlyList<string> Words)
{
    /// <summary>In a form, the choice that networks follow.</summary>
    public const string Listed = "list";

    private static readonly char[] Between = [',', ';', ' ', '\t', '\r', '\n'];

    /// <summary>Takes an own choice away.</summary>
    public bool IsNone => Words.Count == 0;

    /// <param name="text">A word, or networks by comma; empty or null for none.</param>
    public static RoutesWish Of(string? text) => new((text ?? "").Split(Between, StringSplitOptions.RemoveEmptyEntries));

    /// <param name="fields">Of a form.</param>
    public static RoutesWish Of(IRoutesFields fields) =>
        fields.Routes != Listed ? Of(fields.Routes) : Of(fields.RoutedNetworks) is { IsNone: false } wish ? wish : new([""]);
}

/// <summary>The fields of a form that routes are chosen by.</summary>
internal interface IRoutesFields
{
    /// <summary>A word, <see cref="RoutesWish.Listed"/>, or empty to follow the group.</summary>
    string? Routes { get; }

    /// <summary>By comma or line.</summary>
    string? RoutedNetworks { get; }

    /// <summary>True where a spoke is meant, which may follow its group; false for a group itself.</summary>
    bool MayFollowGroup => true;
}

/// <summary>A word, a list of networks, or null.</summary>
internal sealed class RoutesWishJson : JsonConverter<RoutesWish>
{
    public override bool HandleNull => true;

    public override RoutesWish Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return new([]);
            case JsonTokenType.String:
                return RoutesWish.Of(reader.GetString());
            case JsonTokenType.StartArray:
                List<string> words = [];
                while (reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    words.Add(reader.GetString()!);
                }

                // An empty list would leave a tunnel that nothing goes into: no way to follow the group either.
                return reader.TokenType == JsonTokenType.EndArray ? new(words.Count > 0 ? words : [""]) : throw new JsonException(SpokeRoutes.Rule);
            default:
                throw new JsonException(SpokeRoutes.Rule);
        }
    }

    /// <summary>As <see cref="Read"/> takes it: our own client sends what it was given.</summary>
    public override void Write(Utf8JsonWriter writer, RoutesWish? value, JsonSerializerOptions options)
    {
        switch (value?.Words)
        {
            case null or []:
                writer.WriteNullValue();
                break;
            case [var word] when !word.Contains('/', StringComparison.Ordinal):
                writer.WriteStringValue(word);
                break;
            case var words:
                writer.WriteStartArray();
                foreach (var word in words)
                {
                    writer.WriteStringValue(word);
                }

                writer.WriteEndArray();
                break;
        }
    }
}

/// <summary>As the API tells it: a word or a list.</summary>
internal sealed class SpokeRoutesJson : JsonConverter<SpokeRoutes>
{
    public override SpokeRoutes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("It only goes out.");

    public override void Write(Utf8JsonWriter writer, SpokeRoutes value, JsonSerializerOptions options)
    {
        if (!value.IsList)
        {
            writer.WriteStringValue(value.Text);
            return;
        }

        writer.WriteStartArray();
        foreach (var network in value.Networks)
        {
            writer.WriteStringValue(network);
        }

        writer.WriteEndArray();
    }
}
