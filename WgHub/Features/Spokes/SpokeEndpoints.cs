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
            .WithSummary("Changes a spoke: its name, labels and notes, what it routes, its expiry, on or off.");
        spokes.MapDelete("/{id}", RemoveAsync).RequireAuthorization(Access.Operator).WithSummary("Takes a spoke off the interface and frees its address.");
    }

    private static Ok<SpokeListDto> List(
        SpokeStore store, LivePeers live, TimeProvider time, string? status, string? os, string? cluster, string? q,
        string? group, string? tag, string? owner, int? expiresWithinDays, bool? routesBehind, int page = 1, int pageSize = 50)
    {
        var query = SpokeQuery.From(status, os, cluster, q, new(group, tag, owner), expiresWithinDays) with { RoutesBehind = routesBehind };
        var now = time.GetUtcNow();
        return TypedResults.Ok(
            SpokeListDto.From(store.List(query, Paging.From(page, pageSize)).Select(spoke => SpokeDto.From(live.Refresh(spoke), now))));
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

internal sealed record SpokeListDto(IReadOnlyList<SpokeDto> Spokes, long Total, int Page, int PageSize)
{
    public static SpokeListDto From(Part<SpokeDto> part) => new(part.Rows, part.Total, part.Paging.Page, part.Paging.PageSize);
}

internal sealed record SpokeRemovedDto(string Message, string SpokeId);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BulkDto))]
[JsonSerializable(typeof(BulkDoneDto))]
[JsonSerializable(typeof(ChangeSpokeDto))]
[JsonSerializable(typeof(SpokeDto))]
[JsonSerializable(typeof(SpokeListDto))]
[JsonSerializable(typeof(SpokeRemovedDto))]
internal sealed partial class SpokeJson : JsonSerializerContext;
