using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Hub;
using WgHub.Features.Scripts;
using WgHub.Features.Spokes;
using WgHub.Features.Tls;
using WgHub.Features.Tokens;
using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>What a machine calls, without an account: the token is its right.</summary>
internal static class EnrolmentEndpoints
{
    public static void MapEnrolment(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("").AllowAnonymous().WithTags("enrolment");
        open.MapGet("/i/{token}", Script).WithMetadata(new SecretInPathAttribute("token")).WithSummary("The install script; it finds the platform itself. Downloading uses nothing up.");
        open.MapGet(WindowsScript.Path, BareScript).WithSummary("The install script for Windows without a token: the same for everybody, so that its line can hold its hash.");
        open.MapGet("/api/installation/script/{token}", Script).WithMetadata(new SecretInPathAttribute("token")).WithSummary("The same script, as a file.");
        open.MapPost("/api/spoke/register", RegisterAsync).WithMetadata(new SmallBodyAttribute(), new ProvesItselfAttribute())
            .Produces<RegisteredDto>(StatusCodes.Status201Created).Produces<RegisteredDto>()
            .WithSummary("Registers a public key with a token. Answers when the peer is durable and live; with Accept: text/plain as a wg-quick file, with a format as what that device takes.");
        open.MapPost("/api/spoke/unregister", UnregisterAsync).WithMetadata(new SmallBodyAttribute(), new ProvesItselfAttribute())
            .Produces<UnregisteredDto>()
            .WithSummary("A spoke's own uninstall, proved by the token it registered with.");
        routes.MapPost("/api/spoke/{id}/reenrol-token", ReenrolAsync).RequireAuthorization(Access.Operator).WithTags("tokens")
            .WithSummary("Makes a one-time token that gives a spoke a new key, under its name and address.");
    }

    private static IResult Script(
        string token,
        string? platform,
        TokenStore tokens,
        ClusterTokenStore clusterTokens,
        InstallScript script,
        WindowsScript windows,
        Limits limits,
        HubStore hubs,
        HubAddresses addresses,
        TimeProvider time,
        HttpContext context)
    {
        limits.Take(EnrolmentRoom.Scripts, context);
        if (platform is { Length: > 0 } && !Platforms.TryParse(platform, out _))
        {
            throw WebErrors.Invalid("platform", $"One of {string.Join(", ", Platforms.All)}.");
        }

        if (platform is { Length: > 0 } and not Platforms.Linux and not Platforms.Proxmox and not Platforms.MacOS and not Platforms.Windows)
        {
            throw EnrolmentErrors.NoScript(platform);
        }

        var (secret, spokeName, isReenrolment) = Open(token, tokens, clusterTokens, time.GetUtcNow());
        var (hub, isWindows) = (addresses.For(context), platform == Platforms.Windows);
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"install-spoke-{(spokeName.Length > 0 ? spokeName : "of-a-cluster")}.{(isWindows ? "ps1" : "sh")}\"";
        return isWindows
            ? Results.Text(windows.Render(hub, secret.Reveal()), WindowsScript.ContentType, Encoding.UTF8)
            : Results.Text(script.Render(hub, hubs.Required().TunnelAddress, secret.Reveal(), spokeName, isReenrolment), "text/x-shellscript", Encoding.UTF8);
    }

    private static IResult BareScript(WindowsScript windows, Limits limits, HubAddresses addresses, HttpContext context)
    {
        limits.Take(EnrolmentRoom.Scripts, context);
        return Results.Text(windows.Render(addresses.For(context), null), WindowsScript.ContentType, Encoding.UTF8);
    }

    /// <summary>A used token still gets its script: the machine it belongs to may run the same line again.</summary>
    /// <returns>The token, and the name of its spoke; empty for a cluster's, whose nodes bring their names along.</returns>
    /// <exception cref="AppException">TOKEN_NOT_FOUND, TOKEN_REVOKED, TOKEN_EXPIRED.</exception>
    private static (TokenSecret Secret, string SpokeName, bool IsReenrolment) Open(string text, TokenStore tokens, ClusterTokenStore clusterTokens, DateTimeOffset now)
    {
        if (!TokenSecret.TryParse(text, out var secret))
        {
            throw TokenErrors.NotFound();
        }

        var (state, expiresAt, name, isReenrolment) = tokens.Find(secret) is { } token ? (token.StateAt(now), token.ExpiresAt, token.SpokeName, token.Kind == TokenKind.Reenrol)
            : clusterTokens.Find(secret) is { } cluster ? (cluster.Nodes.Count > 0 && cluster.RevokedAt is null ? TokenState.Used : cluster.StateAt(now), cluster.ExpiresAt, "", false)
            : throw TokenErrors.NotFound();
        return state switch
        {
            TokenState.Revoked => throw TokenErrors.Revoked(),
            TokenState.Expired => throw TokenErrors.Expired(expiresAt),
            _ => (secret, name, isReenrolment),
        };
    }

    private static async Task<IResult> RegisterAsync(
        RegisterSpoke request, string? format, Registration registration, RouterSnippet snippets, HubStore hubs, Limits limits, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        limits.Take(EnrolmentRoom.Registrations, context);
        if (!OwnKeyDevice.TryParse(format ?? OwnKeyDevice.WgQuick, out var device))
        {
            throw WebErrors.Invalid("format", OwnKeyDevice.Rule);
        }

        var registered = await registration.RegisterAsync(request, context.Connection.RemoteIpAddress?.ToString(), cancellationToken);
        var hub = hubs.Required();
        var status = registered.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return format is not null || WantsText(context.Request)
            ? Results.Text(snippets.Render(device, hub, registered.Spoke, registered.PresharedKey), "text/plain", Encoding.UTF8, status)
            : TypedResults.Json(RegisteredDto.From(hub, registered, time.GetUtcNow()), statusCode: status);
    }

    private static async Task<IResult> UnregisterAsync(UnregisterSpoke request, Unregistration unregistration, Limits limits, HttpContext context, CancellationToken cancellationToken)
    {
        limits.Take(EnrolmentRoom.Registrations, context);
        await unregistration.UnregisterAsync(request, context.Connection.RemoteIpAddress?.ToString(), cancellationToken);
        return TypedResults.Json(new UnregisteredDto("Spoke unregistered."));
    }

    private static async Task<Created<TokenCreatedDto>> ReenrolAsync(
        string id, CreateReenrolment request, Reenrolment reenrolment, WindowsScript windows, Limits limits, HubAddresses addresses, HttpContext context, CancellationToken cancellationToken)
    {
        limits.Take(TokensRoom.NewTokens, context);
        var hub = addresses.For(context);
        var (token, secret) = await reenrolment.CreateTokenAsync(id, request.ExpiresInHours, context.ToActor(), cancellationToken);
        return TypedResults.Created((string?)null, new TokenCreatedDto($"Token made for a new key of {token.SpokeName}.", TokenDto.Of(token, secret, hub, windows)));
    }

    internal static bool WantsText(HttpRequest request) =>
        request.Headers.Accept is [{ } accept, ..] && accept.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase);
}

/// <summary>What is asked of <c>POST /api/spoke/register</c>.</summary>
/// <param name="ProxmoxVersion">A version, or the line that <c>pveversion</c> prints.</param>
/// <param name="ProxmoxMembers">The file <c>/etc/pve/.members</c> of a Proxmox VE node, whole.</param>
/// <param name="ProxmoxStatus">In its place, the answer of <c>pvesh get /cluster/status --output-format json</c>.</param>
/// <param name="Metadata">What else its owner wants to see of it: each key is theirs.</param>
internal sealed record RegisterSpoke(
    string? Token,
    string? PublicKey,
    string? Os,
    bool? IsProxmox = null,
    string? ProxmoxNodeName = null,
    string? ProxmoxClusterName = null,
    string? ProxmoxVersion = null,
    string? ProxmoxMembers = null,
    string? ProxmoxStatus = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null)
{
    /// <summary>What its own clock shows, in Unix seconds.</summary>
    public long? Clock { get; init; }

    /// <summary>It holds a secret.</summary>
    public override string ToString() => nameof(RegisterSpoke);
}

/// <summary>What is asked of <c>POST /api/spoke/{id}/reenrol-token</c>.</summary>
internal sealed record CreateReenrolment(int? ExpiresInHours = null);

/// <summary>What is asked of <c>POST /api/spoke/unregister</c>.</summary>
internal sealed record UnregisterSpoke(string? PublicKey, string? Token)
{
    /// <summary>It holds a secret.</summary>
    public override string ToString() => nameof(UnregisterSpoke);
}

internal sealed record RegisteredSpokeDto(string Id, string Name, string PublicKey, IReadOnlyList<string> AllowedIPs, SpokeStatus Status)
{
    public static RegisteredSpokeDto From(HubConfig hub, Spoke spoke, DateTimeOffset now) =>
        new(spoke.Id, spoke.Name, spoke.Key.ToString(), SpokeConf.AddressesOf(hub, spoke), spoke.StatusAt(now));
}

internal sealed record RegisteredHubDto(
    string PublicKey, string PublicEndpoint, string? PrivateEndpoint, string NetworkCIDR, IReadOnlyList<string> Dns, int Mtu, int PersistentKeepalive, IReadOnlyList<string> AllowedIPs);

/// <param name="PresharedKey">For both sides of the tunnel; null when the hub gives none. No other answer tells it.</param>
internal sealed record RegisteredDto(string Message, RegisteredSpokeDto Spoke, RegisteredHubDto Hub, string? PresharedKey)
{
    public static RegisteredDto From(HubConfig hub, Registered registered, DateTimeOffset now) => new(
        "Spoke registered.",
        RegisteredSpokeDto.From(hub, registered.Spoke, now),
        new(
            hub.Key.ToString(),
            hub.PublicEndpoint.ToString(),
            hub.PrivateEndpoint?.ToString(),
            hub.Network.ToString(),
            hub.Dns,
            hub.Mtu,
            HubConfig.PersistentKeepaliveSeconds,
            hub.RoutedNetworks),
        registered.PresharedKey?.Reveal());

    /// <summary>It holds a secret.</summary>
    public override string ToString() => nameof(RegisteredDto);
}

internal sealed record UnregisteredDto(string Message);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RegisterSpoke))]
[JsonSerializable(typeof(CreateReenrolment))]
[JsonSerializable(typeof(UnregisterSpoke))]
[JsonSerializable(typeof(RegisteredDto))]
[JsonSerializable(typeof(UnregisteredDto))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class EnrolmentJson : JsonSerializerContext;
