using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Networks;

internal static class NetworkEndpoints
{
    public static void MapNetworks(this IEndpointRouteBuilder routes)
    {
        var networks = routes.MapGroup("/api").WithTags("networks");
        networks.MapGet("/networks", List).RequireAuthorization(Access.Viewer).WithSummary("Networks behind the hub and behind spokes, by name.");
        networks.MapPost("/networks", CreateAsync)
            .RequireAuthorization(Access.Operator)
            .WithSummary("Makes a network. Answers when the spoke that carries it has it on the interface.");
        networks.MapPatch("/networks/{id}", ChangeAsync)
            .RequireAuthorization(Access.Operator)
            .WithSummary("Changes a network; what is missing stays as it is, a standby of null goes.");
        networks.MapDelete("/networks/{id}", RemoveAsync)
            .RequireAuthorization(Access.Operator)
            .WithSummary("Removes a network: nothing is led there any more.");
        networks.MapPost("/networks/{id}/move", MoveAsync)
            .RequireAuthorization(Access.Operator)
            .WithSummary("Lets the other of its two spokes carry a network.");
        networks.MapGet("/networks/barred", ListBarred)
            .RequireAuthorization(Access.Viewer)
            .WithSummary("Networks that nobody reaches through the hub, whatever a rule says.");
        networks.MapPut("/networks/barred", SetBarredAsync).RequireAuthorization(Access.Operator).WithSummary("Puts a list in the place of the one before.");
    }

    private static Ok<NetworkListDto> List(NetworkStore networks, Database database) =>
        TypedResults.Ok(new NetworkListDto([.. networks.All(database.OwnHub).Select(network => NetworkDto.From(network))]));

    private static async Task<Created<NetworkDto>> CreateAsync(
        NetworkWish request, NetworkService service, HttpContext context, CancellationToken cancellationToken)
    {
        var made = await service.CreateAsync(request, context.ToActor(), cancellationToken);
        return TypedResults.Created((string?)null, NetworkDto.From(made, await service.WarningAsync(made, cancellationToken)));
    }

    private static async Task<Ok<NetworkDto>> ChangeAsync(
        string id, NetworkWish request, NetworkService service, HttpContext context, CancellationToken cancellationToken)
    {
        var changed = await service.ChangeAsync(id, request, context.ToActor(), cancellationToken);
        return TypedResults.Ok(NetworkDto.From(changed, await service.WarningAsync(changed, cancellationToken)));
    }

    private static async Task<Ok<NetworkRemovedDto>> RemoveAsync(string id, NetworkService service, HttpContext context, CancellationToken cancellationToken)
    {
        await service.RemoveAsync(id, context.ToActor(), cancellationToken);
        return TypedResults.Ok(new NetworkRemovedDto("Network removed.", id));
    }

    private static async Task<Ok<NetworkDto>> MoveAsync(
        string id, MoveNetwork request, NetworkService service, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(NetworkDto.From(await service.MoveAsync(id, request.To, context.ToActor(), cancellationToken)));

    private static Ok<BarredListDto> ListBarred(NetworkStore networks, Database database) =>
        TypedResults.Ok(BarredListDto.From(networks.Barred(database.OwnHub)));

    private static async Task<Ok<BarredListDto>> SetBarredAsync(
        BarredWish request, BarredService service, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(BarredListDto.From(await service.SetAsync(request, context.ToActor(), cancellationToken)));
}
