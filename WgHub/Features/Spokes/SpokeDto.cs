using System.Text.Json;
using System.Text.Json.Serialization;
using WgHub.Features.Routes;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>What is asked of <c>PATCH /api/spoke/{id}</c>; what is missing stays as it is.</summary>
internal sealed record ChangeSpokeDto(
    string? Name = null, bool? Enabled = null, string? Notes = null, string? Group = null, string? Owner = null, IReadOnlyList<string>? Tags = null)
{
    /// <summary>A time in ISO 8601; null takes the expiry away.</summary>
    public JsonElement ExpiresAt { get; init; }

    /// <summary><c>hub</c>, <c>network</c>, <c>all</c> or a list of networks; null to follow the group.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RoutesWish? Routes { get; init; }

    /// <summary>Another IPv4 address. Its machine has the former one until it fetches its settings anew.</summary>
    public string? CustomIP { get; init; }

    /// <summary>Another IPv6 address; an empty text for the one that follows from the IPv4 address.</summary>
    public string? AddressV6 { get; init; }

    /// <exception cref="AppException">VALIDATION_FAILED when <c>expiresAt</c> is neither a time nor null.</exception>
    public ChangeSpoke ToChange() => new(Name, Enabled, Notes, ExpiresAt.ValueKind switch
    {
        JsonValueKind.Undefined => null,
        JsonValueKind.Null => new(null),
        JsonValueKind.String when ExpiresAt.TryGetDateTimeOffset(out var time) => new(time),
        _ => throw WebErrors.Invalid("expiresAt", "A time such as 2027-01-31T12:00:00Z, or null for never."),
    })
    {
        Labels = new() { Group = Group, Owner = Owner, Tags = Tags is null ? null : string.Join(',', Tags) },
        Routes = Routes,
        CustomIP = CustomIP,
        AddressV6 = AddressV6,
    };
}

internal sealed record SpokeDto
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string PublicKey { get; init; }

    /// <summary>Its IPv6 address, where it does not follow from the IPv4 one.</summary>
    public required string? AddressV6 { get; init; }

    /// <summary>True when its addresses were changed and its machine has not fetched them.</summary>
    public required bool AddressesBehind { get; init; }

    public required IReadOnlyList<string> AllowedIPs { get; init; }

    public required SpokeStatus Status { get; init; }

    public required string Os { get; init; }

    public required bool Enabled { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public required string? Group { get; init; }

    public required string Owner { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required string Notes { get; init; }

    /// <summary>Its own choice of what it sends into its tunnel; null to follow its group.</summary>
    public required SpokeRoutes? Routes { get; init; }

    /// <summary>True while its machine has older routes; null when that is not known.</summary>
    public required bool? RoutesBehind { get; init; }

    public required bool IsProxmox { get; init; }

    public required string? ProxmoxNodeName { get; init; }

    public required string? ProxmoxClusterName { get; init; }

    public required string? ProxmoxVersion { get; init; }

    public required JsonElement Metadata { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    public required DateTimeOffset? LastHandshake { get; init; }

    public required long TransferRx { get; init; }

    public required long TransferTx { get; init; }

    public required string? Endpoint { get; init; }

    public static SpokeDto From(Spoke spoke, DateTimeOffset now) => new()
    {
        Id = spoke.Id,
        Name = spoke.Name,
        PublicKey = spoke.Key.ToString(),
        AddressV6 = spoke.Address6?.ToString(),
        AddressesBehind = spoke.MovedAt is not null,
        AllowedIPs = [$"{spoke.Address}/32", .. spoke.Networks.Select(network => network.ToString())],
        Status = spoke.StatusAt(now),
        Os = spoke.Os,
        Enabled = spoke.Enabled,
        ExpiresAt = spoke.ExpiresAt,
        Group = spoke.Labels.Group,
        Owner = spoke.Labels.Owner,
        Tags = spoke.Labels.Tags.Words,
        Notes = spoke.Notes,
        Routes = spoke.Routes,
        RoutesBehind = spoke.RoutesBehind,
        IsProxmox = spoke.Node is not null,
        ProxmoxNodeName = spoke.Node?.Name,
        ProxmoxClusterName = spoke.Node?.ClusterName,
        ProxmoxVersion = spoke.Node?.Version,
        Metadata = JsonDocument.Parse(spoke.Metadata).RootElement,
        RegisteredAt = spoke.RegisteredAt,
        LastHandshake = spoke.LastHandshake,
        TransferRx = spoke.ReceivedBytes,
        TransferTx = spoke.SentBytes,
        Endpoint = spoke.Endpoint,
    };
}
