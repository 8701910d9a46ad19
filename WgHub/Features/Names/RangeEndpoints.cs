using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Names;

internal static class RangeEndpoints
{
    public static void MapRanges(this IEndpointRouteBuilder routes)
    {
        var hub = routes.MapGroup("/api/hub").WithTags("hub");
        hub.MapGet("/ranges", List).RequireAuthorization(Access.Viewer).WithSummary("The addresses that are kept for the spokes of a group, by address.");
        hub.MapPut("/ranges", ChangeAsync).RequireAuthorization(Access.Admin).WithSummary("These ranges and no others; whoever has an address keeps it.");
    }

    private static Ok<RangeListDto> List(RangeService service) => TypedResults.Ok(RangeListDto.From(service.List()));

    private static async Task<Ok<RangeListDto>> ChangeAsync(
        ChangeRanges request, RangeService service, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(RangeListDto.From(await service.ChangeAsync(request, context.ToActor(), cancellationToken)));
}

/// <param name="First">The first address that belongs to it.</param>
/// <param name="Last">The last one.</param>
/// <param name="Total">Number of its addresses.</param>
/// <param name="Taken">Of those, that a spoke or a token has, whatever its group.</param>
internal sealed record RangeDto(string Group, string First, string Last, long Total, long Taken)
{
    public static RangeDto From(RangeState state) =>
        new(state.Range.Group, state.Range.First.ToString(), state.Range.Last.ToString(), state.Range.Count, state.Taken);
}

internal sealed record RangeListDto(IReadOnlyList<RangeDto> Ranges)
{
    public static RangeListDto From(IReadOnlyList<RangeState> states) => new([.. states.Select(RangeDto.From)]);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ChangeRanges))]
[JsonSerializable(typeof(RangeListDto))]
internal sealed partial class RangeJson : JsonSerializerContext;
