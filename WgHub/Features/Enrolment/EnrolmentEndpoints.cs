using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Scripts;
using WgHub.Features.Tokens;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>What a machine calls, without an account: the token is its right.</summary>
internal static class EnrolmentEndpoints
{
    public static void MapEnrolment(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("").AllowAnonymous().WithTags("enrolment");
        open.MapGet("/i/{token}", Script).WithMetadata(new SecretInPathAttribute("token"))
            .WithSummary("The install script; it finds the platform itself. Downloading uses nothing up.");
        open.MapGet(WindowsScript.Path, BareScript)
            .WithSummary("The install script for Windows without a token: the same for everybody, so that its line can hold its hash.");
        open.MapGet("/i/again", AgainScript)
            .WithSummary("The install script without a token, for machines that are installed: fetches the hub's settings anew.");
        open.MapGet("/api/installation/script/{token}", Script).WithMetadata(new SecretInPathAttribute("token")).WithSummary("The same script, as a file.");
        open.MapPost("/api/spoke/register", RegisterAsync).WithMetadata(new SmallBodyAttribute(), new ProvesItselfAttribute())
            .Produces<RegisteredDto>(StatusCodes.Status201Created).Produces<RegisteredDto>()
            .WithSummary(
                "Registers a public key with a token. Answers when the peer is durable and live; "
                + "with Accept: text/plain as a wg-quick file, with a format as what that device takes.");
        open.MapPost("/api/spoke/unregister", UnregisterAsync).WithMetadata(new SmallBodyAttribute(), new ProvesItselfAttribute())
            .Produces<UnregisteredDto>()
            .WithSummary("A spoke's own uninstall, proved by the token it registered with.");
        open.MapPost("/api/spoke/endpoints", Endpoints).WithMetadata(new SmallBodyAttribute(), new ProvesItselfAttribute())
            .Produces<HubWhereabouts>()
            .WithSummary("Where the hub is reached by WireGuard now, for a spoke that has lost it; proved by the token it registered with.");
        routes.MapPost("/api/spoke/{id}/reenrol-token", ReenrolAsync).RequireAuthorization(Access.Operator).WithTags("tokens")
            .WithSummary("Makes a one-time token that gives a spoke a new key, under its name and address.");
    }

    private static IResult Script(string token, string? platform, ScriptDownload download, Limits limits, HttpContext context)
    {
        limits.Take(EnrolmentRoom.Scripts, context);
        return download.For(context, token, platform);
    }

    private static IResult BareScript(ScriptDownload download, Limits limits, HttpContext context)
    {
        limits.Take(EnrolmentRoom.Scripts, context);
        return download.WithoutToken(context);
    }

    private static IResult AgainScript(ScriptDownload download, Limits limits, HttpContext context)
    {
        limits.Take(EnrolmentRoom.Scripts, context);
        return download.Again(context);
    }

    private static IResult Endpoints(AskWhereabouts request, Whereabouts whereabouts, Limits limits, HttpContext context)
    {
        limits.Take(EnrolmentRoom.Scripts, context);
        var hub = whereabouts.Tell(request);
        return WantsText(context.Request)
            ? Results.Text($"publicEndpoint={hub.PublicEndpoint}\nprivateEndpoint={hub.PrivateEndpoint}\nend\n", "text/plain", Encoding.UTF8)
            : TypedResults.Json(hub);
    }

    private static async Task<IResult> RegisterAsync(
        RegisterSpoke request,
        string? format,
        Registration registration,
        SpokeAnswer answer,
        Limits limits,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        limits.Take(EnrolmentRoom.Registrations, context);
        if (!OwnKeyDevice.TryParse(format ?? RouterSnippet.WgQuick, out var device))
        {
            throw WebErrors.Invalid("format", OwnKeyDevice.Rule);
        }

        var registered = await registration.RegisterAsync(request, context.Connection.RemoteIpAddress?.ToString(), cancellationToken);
        var status = registered.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return format is not null || WantsText(context.Request)
            ? Results.Text(answer.TextFor(device, registered), "text/plain", Encoding.UTF8, status)
            : TypedResults.Json(answer.ToDto(registered), statusCode: status);
    }

    private static async Task<IResult> UnregisterAsync(
        UnregisterSpoke request, Unregistration unregistration, Limits limits, HttpContext context, CancellationToken cancellationToken)
    {
        limits.Take(EnrolmentRoom.Registrations, context);
        await unregistration.UnregisterAsync(request, context.Connection.RemoteIpAddress?.ToString(), cancellationToken);
        return TypedResults.Json(new UnregisteredDto("Spoke unregistered."));
    }

    private static async Task<Created<TokenCreatedDto>> ReenrolAsync(
        string id,
        CreateReenrolment request,
        ReenrolmentTokens tokens,
        InstallLines lines,
        Limits limits,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var here = lines.At(context);
        var (token, secret) = await limits.TakeAsync(
            TokensRoom.NewTokens, context, () => tokens.CreateAsync(id, request.ExpiresInHours, context.ToActor(), cancellationToken));
        return TypedResults.Created(
            (string?)null, new TokenCreatedDto($"Token made for a new key of {token.SpokeName}.", TokenDto.WithSecret(token, secret, here)));
    }

    internal static bool WantsText(HttpRequest request) =>
        request.Headers.Accept is [{ } accept, ..] && accept.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase);
}
