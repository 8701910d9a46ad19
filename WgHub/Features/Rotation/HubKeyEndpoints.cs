using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Enrolment;
using WgHub.Features.Hub;
using WgHub.Features.Networks;
using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.Rotation;

internal static class HubKeyEndpoints
{
    public static void MapHubKey(this IEndpointRouteBuilder routes)
    {
        var key = routes.MapGroup("/api/hub").WithTags("hub").RequireAuthorization(Access.Admin);
        key.MapGet("/key", State)
            .WithMetadata(new ShowsPeersAttribute())
            .WithSummary("The hub's key, the one that comes next, and the spokes that are not there yet.");
        key.MapPost("/key/announce", AnnounceAsync)
            .RequireConfirmation()
            .WithSummary("Makes the next key. Spokes that mend themselves fetch it within the hour.");
        key.MapPost("/key/switch", SwitchAsync)
            .RequireConfirmation()
            .WithSummary("The hub takes the next key. Refused while more spokes are behind than the caller names.");
        key.MapPost("/key/end", EndAsync).RequireConfirmation().WithSummary("Before the switch takes the announcement back, after it ends the watch.");
        routes.MapGet("/api/spoke/hub-keys", TellAsync).AllowAnonymous().WithTags("enrolment").Produces<HubKeysDto>()
            .WithSummary(
                "What a spoke asks through its tunnel: the hub's next key, what to route, and what lies behind itself. What it names as held is noted.");
    }

    private static Ok<HubKeyDto> State(HubKeyService service) => TypedResults.Ok(HubKeyDto.From(service.State()));

    private static async Task<Ok<HubKeyDto>> AnnounceAsync(HubKeyService service, HttpContext context, CancellationToken cancellationToken)
    {
        await service.AnnounceAsync(context.ToActor(), cancellationToken);
        return State(service);
    }

    private static async Task<Ok<HubKeyDto>> SwitchAsync(SwitchHubKey request, HubKeyService service, HttpContext context, CancellationToken cancellationToken)
    {
        await service.SwitchAsync(request.LeaveBehind, context.ToActor(), cancellationToken);
        return State(service);
    }

    private static async Task<Ok<HubKeyDto>> EndAsync(HubKeyService service, HttpContext context, CancellationToken cancellationToken)
    {
        await service.EndAsync(context.ToActor(), cancellationToken);
        return State(service);
    }

    private static async Task<IResult> TellAsync(
        string? held, string? routes, HubKeyService service, RouteNews news, HubStore hubs, NetworkStore networks, Limits limits, HttpContext context,
        CancellationToken cancellationToken)
    {
        limits.Take(EnrolmentRoom.Scripts, context);
        var (key, from) = (hubs.Required().Key, context.Connection.RemoteIpAddress);
        var (spoke, next) = await service.TellAsync(held, from, cancellationToken);
        var wanted = await news.TellAsync(routes, from, cancellationToken);
        var duty = GatewayDuty.Of(networks.Behind(spoke.Id));
        return EnrolmentEndpoints.WantsText(context.Request)
            ? Results.Text($"publicKey={key}\nnextPublicKey={next}\nroutes={string.Join(',', wanted)}\n{duty}end\n", "text/plain", Encoding.UTF8)
            : TypedResults.Json(new HubKeysDto(key.ToString(), next?.ToString(), wanted, duty));
    }
}

/// <param name="LeaveBehind">How many spokes may stay behind.</param>
internal sealed record SwitchHubKey(int LeaveBehind = 0);

/// <param name="NextPublicKey">Null when none is announced.</param>
/// <param name="Behind">Before the switch, spokes that do not hold the next key; after it, spokes without a handshake since.</param>
internal sealed record HubKeyDto(string PublicKey, string? NextPublicKey, DateTimeOffset? AnnouncedAt, DateTimeOffset? SwitchedAt, IReadOnlyList<string> Behind)
{
    public static HubKeyDto From(HubKeyState state) => new(
        state.Key.ToString(),
        state.Rotation is { SwitchedAt: null } rotation ? rotation.NextKey.ToString() : null,
        state.Rotation?.AnnouncedAt,
        state.Rotation?.SwitchedAt,
        [.. state.Behind.Select(spoke => spoke.Name)]);
}

/// <param name="Routes">What the spoke is to send into its tunnel.</param>
/// <param name="Gateway">What lies behind it.</param>
internal sealed record HubKeysDto(string PublicKey, string? NextPublicKey, IReadOnlyList<string> Routes, GatewayDuty Gateway);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HubKeyDto))]
[JsonSerializable(typeof(HubKeysDto))]
[JsonSerializable(typeof(SwitchHubKey))]
internal sealed partial class HubKeyJson : JsonSerializerContext;
