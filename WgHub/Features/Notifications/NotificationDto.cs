using System.Text.Json;
using System.Text.Json.Serialization;

namespace WgHub.Features.Notifications;

internal sealed record ChannelDto
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>mail</c> or <c>webhook</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Mail addresses by comma, or the address of a receiver of webhooks.</summary>
    public required string Target { get; init; }

    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>All events from this level on; null for the named ones alone.</summary>
    public required string? Level { get; init; }

    /// <summary>Of whose spokes; none for all.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Null for never.</summary>
    public required QuietDto? Quiet { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>Why the hub itself switched it off.</summary>
    public required string? Stopped { get; init; }

    /// <summary>Since when it cannot be reached.</summary>
    public required DateTimeOffset? FailingSince { get; init; }

    public required long Waiting { get; init; }

    /// <summary>Dead letters.</summary>
    public required long Dead { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static ChannelDto From(Channel channel, IReadOnlyDictionary<(string, string), long> counts) => new()
    {
        Id = channel.Id,
        Name = channel.Name,
        Kind = channel.Kind,
        Target = channel.Target,
        Events = channel.Events.Names,
        Level = channel.LeastLevel is { } level ? NotifiedEvent.NameOf(level) : null,
        Groups = channel.Groups,
        Quiet = channel.Quiet is { } quiet ? new(quiet.FromText, quiet.UntilText, quiet.Zone.Id) : null,
        Enabled = channel.Enabled,
        Stopped = channel.Stopped,
        FailingSince = channel.FailingSince,
        Waiting = counts.GetValueOrDefault((channel.Id, Delivery.Waiting)),
        Dead = counts.GetValueOrDefault((channel.Id, Delivery.Dead)),
        CreatedAt = channel.CreatedAt,
    };
}

/// <param name="Zone">Such as <c>Europe/Berlin</c>.</param>
internal sealed record QuietDto(string From, string Until, string Zone);

internal sealed record ChannelListDto(IReadOnlyList<ChannelDto> Channels);

/// <param name="Secret">What signs webhooks, shown this once; null for mail.</param>
internal sealed record ChannelMadeDto(string Message, ChannelDto Channel, string? Secret)
{
    public override string ToString() => "***";
}

internal sealed record ChannelRemovedDto(string Message, string ChannelId);

/// <param name="Secret">Shown this once.</param>
/// <param name="FormerUntil">Until then the one before signs too.</param>
internal sealed record ChannelSecretDto(string Message, string Secret, DateTimeOffset FormerUntil)
{
    public override string ToString() => "***";
}

/// <param name="Said">What came of it.</param>
internal sealed record ChannelTestDto(bool Delivered, string Said);

/// <param name="DeliveryId">One dead letter; missing for all of the channel.</param>
internal sealed record ReplayWish(string? DeliveryId = null);

/// <param name="Replayed">How many dead letters wait again.</param>
internal sealed record ReplayedDto(int Replayed);

internal sealed record DeliveryListDto(IReadOnlyList<DeliveryDto> Deliveries);

/// <summary>A message of a channel.</summary>
internal sealed record DeliveryDto
{
    /// <summary>The receiver's <c>webhook-id</c>.</summary>
    public required string Id { get; init; }

    public required string Event { get; init; }

    /// <summary><c>gathering</c>, <c>waiting</c>, <c>delivered</c> or <c>dead</c>.</summary>
    public required string State { get; init; }

    public required int Tries { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? TriedAt { get; init; }

    /// <summary>When the next try is due; null when there is none.</summary>
    public required DateTimeOffset? NextAt { get; init; }

    /// <summary>What came of the last try.</summary>
    public required string? Said { get; init; }

    public static DeliveryDto From(Delivery delivery) => new()
    {
        Id = delivery.Id,
        Event = delivery.Event,
        State = delivery.State,
        Tries = delivery.Tries,
        CreatedAt = delivery.CreatedAt,
        TriedAt = delivery.TriedAt,
        NextAt = delivery.State == Delivery.Waiting ? delivery.NextAt : null,
        Said = delivery.Said,
    };
}

internal sealed record EventDto
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Event { get; init; }

    /// <summary><c>info</c>, <c>warning</c> or <c>critical</c>.</summary>
    public required string Level { get; init; }

    public required string Sentence { get; init; }

    public required string Actor { get; init; }

    public required string? SubjectId { get; init; }

    public required string? SubjectName { get; init; }

    /// <summary>Of the spoke that it is about.</summary>
    public required string? Group { get; init; }

    public required JsonElement Detail { get; init; }

    public static EventDto From(Occurrence one) => new()
    {
        Id = one.Id,
        At = one.At,
        Event = one.Event.Name,
        Level = one.Event.LevelName,
        Sentence = one.Event.Sentence,
        Actor = one.Actor,
        SubjectId = one.SubjectId,
        SubjectName = one.SubjectName,
        Group = one.Group,
        Detail = JsonDocument.Parse(one.Detail).RootElement,
    };
}

/// <param name="Next">What to ask for next as <c>after</c>, also when nothing came.</param>
internal sealed record EventListDto(IReadOnlyList<EventDto> Events, string Next);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ChannelDto))]
[JsonSerializable(typeof(ChannelListDto))]
[JsonSerializable(typeof(ChannelMadeDto))]
[JsonSerializable(typeof(ChannelRemovedDto))]
[JsonSerializable(typeof(ChannelSecretDto))]
[JsonSerializable(typeof(ChannelTestDto))]
[JsonSerializable(typeof(ChannelWish))]
[JsonSerializable(typeof(DeliveryListDto))]
[JsonSerializable(typeof(DigestDraft))]
[JsonSerializable(typeof(EventListDto))]
[JsonSerializable(typeof(ReplayWish))]
[JsonSerializable(typeof(ReplayedDto))]
internal sealed partial class NotificationJson : JsonSerializerContext;
