using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using WgHub.Features.Enrolment;
using WgHub.Features.Hub;
using WgHub.Features.Scripts;
using WgHub.Features.Spokes;
using WgHub.Features.Tls;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Rotation;

/// <summary>What a spoke calls through its own tunnel.</summary>
internal static class RotationEndpoints
{
    public static void MapRotation(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/i/rotate", Script)
            .AllowAnonymous()
            .WithTags("enrolment")
            .WithSummary("The install script without a token, for machines that are connected: gives them a new key.");
        var open = routes.MapGroup("").AllowAnonymous().WithTags("enrolment").WithMetadata(new SmallBodyAttribute(), new ProvesItselfAttribute());
        open.MapPost("/api/spoke/rotate", BeginAsync).Produces<RotatingDto>(StatusCodes.Status201Created).Produces<RotatingDto>()
            .WithSummary("Lets a spoke's next key in. Sent through its tunnel, proved by its preshared key; answers when the key is live.");
        open.MapPost("/api/spoke/rotate/finish", FinishAsync).Produces<RotatedDto>()
            .WithSummary("The spoke keeps its new key for good: the one before is let in no longer.");
    }

    private static IResult Script(InstallScript script, HubStore hubs, ServerAddresses addresses, Limits limits, HttpContext context)
    {
        limits.Take(EnrolmentRoom.Scripts, context);
        return Results.Text(script.RenderRotate(addresses.For(context), hubs.Required().TunnelAddress), InstallScript.ContentType, Encoding.UTF8);
    }

    private static async Task<IResult> BeginAsync(
        RotateKey request, RotationService rotation, HubStore hubs, Limits limits, HttpContext context, CancellationToken cancellationToken)
    {
        limits.Take(EnrolmentRoom.Registrations, context);
        var rotating = await rotation.BeginAsync(request, context.Connection.RemoteIpAddress, cancellationToken);
        var status = rotating.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return EnrolmentEndpoints.WantsText(context.Request)
            ? Results.Text(SpokeConf.Render(hubs.Required().TunnelOf(rotating.Spoke, rotating.PresharedKey)), "text/plain", Encoding.UTF8, status)
            : TypedResults.Json(new RotatingDto("The new key is let in.", rotating.Spoke.Id, rotating.PresharedKey.Reveal()), statusCode: status);
    }

    private static async Task<IResult> FinishAsync(
        RotateKey request, RotationService rotation, Limits limits, HttpContext context, CancellationToken cancellationToken)
    {
        limits.Take(EnrolmentRoom.Registrations, context);
        await rotation.FinishAsync(request, context.Connection.RemoteIpAddress, cancellationToken);
        return TypedResults.Json(new RotatedDto("The new key is the spoke's."));
    }
}

/// <summary>What is asked of <c>POST /api/spoke/rotate</c> and <c>/finish</c>.</summary>
/// <param name="PublicKey">The key before.</param>
/// <param name="Proof">See <see cref="RotationProof"/>.</param>
internal sealed record RotateKey(string? PublicKey, string? NewPublicKey, string? Proof)
{
    /// <exception cref="AppException">VALIDATION_FAILED, INVALID_PUBLIC_KEY.</exception>
    public (PublicKey Old, PublicKey Next) Keys() => (SpokeKey.Parse("publicKey", PublicKey), SpokeKey.Parse("newPublicKey", NewPublicKey));

    /// <summary>It holds what proves a key.</summary>
    public override string ToString() => nameof(RotateKey);
}

/// <param name="PresharedKey">The one that goes with the new key.</param>
internal sealed record RotatingDto(string Message, string SpokeId, string PresharedKey)
{
    /// <summary>It holds a secret.</summary>
    public override string ToString() => nameof(RotatingDto);
}

internal sealed record RotatedDto(string Message);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RotateKey))]
[JsonSerializable(typeof(RotatingDto))]
[JsonSerializable(typeof(RotatedDto))]
internal sealed partial class RotationJson : JsonSerializerContext;
