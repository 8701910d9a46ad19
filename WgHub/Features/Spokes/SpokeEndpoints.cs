using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Spokes;

internal static class SpokeEndpoints
{
    public static void MapSpokes(this IEndpointRouteBuilder routes)
    {
        var spokes = routes.MapGroup("/api/spoke").WithTags("spokes");
        spokes.MapGet("/list", List).WithMetadata(new ShowsPeersAttribute()).RequireAuthorization(Access.Viewer).WithSummary("Registered spokes, by name.");
        spokes.MapPost("/bulk", BulkAsync)
            .RequireAuthorization(Access.Operator)
            .WithSummary("Changes or removes many spokes: all or, when one change is refused, none.");
        spokes.MapGet("/{id}", Find).WithMetadata(new ShowsPeersAttribute()).RequireAuthorization(Access.Viewer).WithSummary("One spoke.");
        spokes.MapPatch("/{id}", ChangeAsync)
            .RequireAuthorization(Access.Operator)
            .WithSummary("Changes a spoke: its name, labels and notes, its expiry, on or off.");
        spokes.MapDelete("/{id}", RemoveAsync).RequireAuthorization(Access.Operator).WithSummary("Takes a spoke off the interface and frees its address.");
    }

    private static Ok<SpokeListDto> List(
        SpokeStore store, LivePeers live, TimeProvider time, string? status, string? os, string? cluster, string? q,
        string? group, string? tag, string? owner, int? expiresWithinDays, int page = 1, int pageSize = 50)
    {
        var paging = Paging.From(page, pageSize);
        var query = SpokeQuery.From(status, os, cluster, q, new(group, tag, owner), expiresWithinDays) with { Limit = paging.PageSize, Offset = paging.Offset };
        var (spokes, total) = store.List(query);
        return TypedResults.Ok(
            new SpokeListDto([.. spokes.Select(spoke => SpokeDto.From(live.Refresh(spoke), time.GetUtcNow()))], total, paging.Page, paging.PageSize));
    }

    private static Ok<SpokeDto> Find(string id, SpokeStore store, LivePeers live, TimeProvider time) =>
        TypedResults.Ok(SpokeDto.From(live.Refresh(store.Find(id) ?? throw SpokeErrors.NotFound()), time.GetUtcNow()));

    private static async Task<Ok<SpokeDto>> ChangeAsync(
        string id, ChangeSpokeDto request, SpokeService service, TimeProvider time, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(SpokeDto.From(await service.ChangeAsync(id, request.ToChange(), context.ToActor(), cancellationToken), time.GetUtcNow()));

    private static async Task<Ok<BulkDoneDto>> BulkAsync(BulkDto request, BulkService service, HttpContext context, CancellationToken cancellationToken)
    {
        var items = await service.ApplyAsync(request.ToWish(), context.ToActor(), cancellationToken);
        return TypedResults.Ok(
            new BulkDoneDto($"{items.Count(item => item.Result is BulkResult.Changed or BulkResult.Removed)} of {items.Count} spokes changed.", items));
    }

    private static async Task<Ok<SpokeRemovedDto>> RemoveAsync(string id, SpokeService service, HttpContext context, CancellationToken cancellationToken)
    {
        await service.RemoveAsync(id, context.ToActor(), cancellationToken);
        return TypedResults.Ok(new SpokeRemovedDto("Spoke removed.", id));
    }
}

internal static class SpokeStatusText
{
    public static bool TryParse(string? text, out SpokeStatus status) =>
        Enum.TryParse(text, ignoreCase: true, out status) && Enum.IsDefined(status) && !char.IsAsciiDigit(text![0]);
}

/// <summary>What is asked of <c>PATCH /api/spoke/{id}</c>; what is missing stays as it is.</summary>
internal sealed record ChangeSpokeDto(
    string? Name = null, bool? Enabled = null, string? Notes = null, string? Group = null, string? Owner = null, IReadOnlyList<string>? Tags = null)
{
    /// <summary>A time in ISO 8601; null takes the expiry away.</summary>
    public JsonElement ExpiresAt { get; init; }

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
    };
}

internal sealed record SpokeDto(
    string Id,
    string Name,
    string PublicKey,
    IReadOnlyList<string> AllowedIPs,
    SpokeStatus Status,
    string Os,
    bool Enabled,
    DateTimeOffset? ExpiresAt,
    string? Group,
    string Owner,
    IReadOnlyList<string> Tags,
    string Notes,
    bool IsProxmox,
    string? ProxmoxNodeName,
    string? ProxmoxClusterName,
    string? ProxmoxVersion,
    JsonElement Metadata,
    DateTimeOffset RegisteredAt,
    DateTimeOffset? LastHandshake,
    long TransferRx,
    long TransferTx,
    string? Endpoint)
{
    public static SpokeDto From(Spoke spoke, DateTimeOffset now) => new(
        spoke.Id,
        spoke.Name,
        spoke.Key.ToString(),
        [$"{spoke.Address}/32", .. spoke.Networks.Select(network => network.ToString())],
        spoke.StatusAt(now),
        spoke.Os,
        spoke.Enabled,
        spoke.ExpiresAt,
        spoke.Labels.Group,
        spoke.Labels.Owner,
        spoke.Labels.Tags.Words,
        spoke.Notes,
        spoke.Node is not null,
        spoke.Node?.Name,
        spoke.Node?.ClusterName,
        spoke.Node?.Version,
        JsonDocument.Parse(spoke.Metadata).RootElement,
        spoke.RegisteredAt,
        spoke.LastHandshake,
        spoke.ReceivedBytes,
        spoke.SentBytes,
        spoke.Endpoint);
}

internal sealed record SpokeListDto(IReadOnlyList<SpokeDto> Spokes, long Total, int Page, int PageSize);

internal sealed record SpokeRemovedDto(string Message, string SpokeId);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BulkDto))]
[JsonSerializable(typeof(BulkDoneDto))]
[JsonSerializable(typeof(ChangeSpokeDto))]
[JsonSerializable(typeof(SpokeDto))]
[JsonSerializable(typeof(SpokeListDto))]
[JsonSerializable(typeof(SpokeRemovedDto))]
internal sealed partial class SpokeJson : JsonSerializerContext;
