using System.Text.Json;
using System.Text.Json.Nodes;

namespace WgHub.Features.Notifications;

/// <summary>A channel as fields of a page, named as in the API.</summary>
internal sealed class ChannelFields
{
    public string? Name { get; set; }

    public string? Kind { get; set; } = Channel.Webhook;

    public string? Target { get; set; }

    /// <summary>Names, one a line or with commas between.</summary>
    public string? Events { get; set; }

    /// <summary>Empty for the named events alone.</summary>
    public string? Level { get; set; } = NotifiedEvent.NameOf(EventLevel.Warning);

    /// <summary>With commas between.</summary>
    public string? Groups { get; set; }

    public string? QuietFrom { get; set; }

    public string? QuietUntil { get; set; }

    public string? QuietZone { get; set; }

    public bool Enabled { get; set; } = true;

    /// <summary>False where what it is cannot be changed any more.</summary>
    public bool IsNew { get; set; } = true;

    public static ChannelFields From(Channel channel) => new()
    {
        Name = channel.Name,
        Kind = channel.Kind,
        Target = channel.Target,
        Events = string.Join('\n', channel.Events.Names),
        Level = channel.LeastLevel is { } level ? NotifiedEvent.NameOf(level) : "",
        Groups = string.Join(", ", channel.Groups),
        QuietFrom = channel.Quiet?.FromText,
        QuietUntil = channel.Quiet?.UntilText,
        QuietZone = channel.Quiet?.Zone.Id,
        Enabled = channel.Enabled,
        IsNew = false,
    };

    /// <summary>What is empty is meant so.</summary>
    public ChannelWish ToWish() => new(
        Name ?? "", Kind, Target ?? "", Split(Events, '\n', ',', ' '), Level ?? "", Split(Groups, ',', '\n'), Enabled)
    {
        Quiet = Quiet(),
    };

    private JsonElement Quiet() => JsonDocument.Parse(
        string.IsNullOrWhiteSpace($"{QuietFrom}{QuietUntil}{QuietZone}")
            ? "null"
            : new JsonObject { ["from"] = QuietFrom?.Trim(), ["until"] = QuietUntil?.Trim(), ["zone"] = QuietZone?.Trim() }.ToJsonString()).RootElement;

    private static string[] Split(string? text, params char[] between) =>
        (text ?? "").Split([.. between, '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
