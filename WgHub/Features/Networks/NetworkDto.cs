using System.Text.Json;
using System.Text.Json.Serialization;

namespace WgHub.Features.Networks;

/// <param name="To">Id of the spoke that is to carry it.</param>
internal sealed record MoveNetwork(string? To = null);

internal sealed record NetworkDto
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Cidr { get; init; }

    /// <summary><c>hub</c>, or the id of a spoke; null when that spoke is gone.</summary>
    public required string? Via { get; init; }

    /// <summary>Id of the spoke that stands by.</summary>
    public required string? Standby { get; init; }

    /// <summary>Id of the spoke that carries it now; null behind the hub, and when nobody does.</summary>
    public required string? Active { get; init; }

    public required DateTimeOffset ActiveSince { get; init; }

    /// <summary>True when a person put it where it is: it does not go back by itself.</summary>
    public required bool Held { get; init; }

    public required bool Masquerade { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What may keep it from working; only where one was made or changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Warning { get; init; }

    public static NetworkDto From(Network network, string? warning = null) => new()
    {
        Id = network.Id,
        Name = network.Name.Text,
        Cidr = network.Cidr.ToString(),
        Via = network.IsBehindHub ? NetworkWish.Hub : network.Via?.SpokeId,
        Standby = network.Standby?.SpokeId,
        Active = network.ActiveId,
        ActiveSince = network.ActiveSince,
        Held = network.IsHeld,
        Masquerade = network.Masquerade,
        CreatedAt = network.CreatedAt,
        Warning = warning,
    };
}

internal sealed record NetworkListDto(IReadOnlyList<NetworkDto> Networks);

internal sealed record NetworkRemovedDto(string Message, string NetworkId);

/// <param name="Note">May be empty.</param>
internal sealed record BarredDto(string? Cidr = null, string? Note = null);

/// <summary>What is asked of <c>PUT /api/networks/barred</c>: the whole list.</summary>
internal sealed record BarredWish(IReadOnlyList<BarredDto>? Networks = null);

internal sealed record BarredListDto(IReadOnlyList<BarredDto> Networks)
{
    public static BarredListDto From(IReadOnlyList<BarredNetwork> barred) => new([.. barred.Select(one => new BarredDto(one.Cidr.ToString(), one.Note))]);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BarredListDto))]
[JsonSerializable(typeof(BarredWish))]
[JsonSerializable(typeof(MoveNetwork))]
[JsonSerializable(typeof(NetworkDto))]
[JsonSerializable(typeof(NetworkListDto))]
[JsonSerializable(typeof(NetworkRemovedDto))]
[JsonSerializable(typeof(NetworkWish))]
[JsonSerializable(typeof(string))]
internal sealed partial class NetworkJson : JsonSerializerContext;
