using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Routes;
using WgHub.Web;

namespace WgHub.Features.Groups;

internal static class GroupEndpoints
{
    public static void MapGroups(this IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/api").WithTags("groups");
        groups.MapGet("/groups", List).RequireAuthorization(Access.Viewer).WithSummary("Groups, by name: also those that only spokes or tokens name.");
        groups.MapPut("/groups/{name}", SetAsync)
            .RequireAuthorization(Access.Operator)
            .WithSummary("Decides what the spokes of a group route that have no choice of their own.");
        groups.MapDelete("/groups/{name}", RemoveAsync)
            .RequireAuthorization(Access.Operator)
            .WithSummary("Decides nothing any more; its spokes stay in it.");
    }

    private static Ok<GroupListDto> List(GroupService service) => TypedResults.Ok(new GroupListDto([.. service.List().Select(GroupDto.From)]));

    private static async Task<Ok<GroupDto>> SetAsync(
        string name, SetGroup request, GroupService service, HttpContext context, CancellationToken cancellationToken)
    {
        await service.SetAsync(name, request.Routes, context.ToActor(), cancellationToken);
        return TypedResults.Ok(GroupDto.From(service.List().First(group => group.Name == name.Trim(' '))));
    }

    private static async Task<Ok<GroupRemovedDto>> RemoveAsync(string name, GroupService service, HttpContext context, CancellationToken cancellationToken)
    {
        await service.RemoveAsync(name, context.ToActor(), cancellationToken);
        return TypedResults.Ok(new GroupRemovedDto("Nothing is decided for the group any more.", name));
    }
}

/// <summary>What is asked of <c>PUT /api/groups/{name}</c>.</summary>
internal sealed record SetGroup
{
    /// <summary><c>hub</c>, <c>network</c>, <c>all</c> or a list of networks; null for the network.</summary>
    public RoutesWish? Routes { get; init; }
}

/// <param name="Routes">Null for the network.</param>
/// <param name="SpokeCount">Spokes in it, with a choice of their own or not.</param>
/// <param name="TokenCount">Tokens for it that wait for their machine.</param>
internal sealed record GroupDto(string Name, SpokeRoutes? Routes, long SpokeCount, long TokenCount)
{
    public static GroupDto From(GroupRow row) => new(row.Name, row.Routes, row.Spokes, row.Tokens);
}

internal sealed record GroupListDto(IReadOnlyList<GroupDto> Groups);

internal sealed record GroupRemovedDto(string Message, string Name);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SetGroup))]
[JsonSerializable(typeof(GroupDto))]
[JsonSerializable(typeof(GroupListDto))]
[JsonSerializable(typeof(GroupRemovedDto))]
internal sealed partial class GroupJson : JsonSerializerContext;
