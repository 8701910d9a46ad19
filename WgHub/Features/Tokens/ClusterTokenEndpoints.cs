using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Routes;
using WgHub.Features.Scripts;
using WgHub.Web;

namespace WgHub.Features.Tokens;

internal static class ClusterTokenEndpoints
{
    public static void MapClusterTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/api/proxmox").WithTags("clusters");
        tokens.MapPost("/cluster-token", CreateAsync)
            .RequireAuthorization(Access.Operator)
            .WithSummary("Makes one token for all nodes of a cluster; its secret is shown this once.");
        tokens.MapGet("/cluster-tokens", List).RequireAuthorization(Access.Viewer).WithSummary("Cluster tokens without their secret, newest first.");
        tokens.MapDelete("/cluster-token/{id}", RevokeAsync)
            .RequireAuthorization(Access.Operator)
            .WithSummary("Revokes a cluster token: no more nodes. Those that have come live on.");
    }

    private static async Task<Created<ClusterTokenCreatedDto>> CreateAsync(
        CreateClusterToken request, ClusterTokenService service, InstallLines lines, Limits limits, HttpContext context, CancellationToken cancellationToken)
    {
        var here = lines.At(context);
        var (token, secret) = await limits.TakeAsync(
            TokensRoom.NewTokens, context, () => service.CreateAsync(request, context.ToActor(), cancellationToken));
        return TypedResults.Created((string?)null, new ClusterTokenCreatedDto(
            $"Token made for {token.MaximumNodes} nodes.",
            ClusterTokenDto.WithSecret(token, secret, here)));
    }

    private static Ok<ClusterTokenListDto> List(ClusterTokenStore store, TimeProvider time, int page = 1, int pageSize = 200)
    {
        var now = time.GetUtcNow();
        return TypedResults.Ok(ClusterTokenListDto.From(store.List(Paging.From(page, pageSize)).Select(token => ClusterTokenDto.From(token, now))));
    }

    private static async Task<Ok<TokenRevokedDto>> RevokeAsync(string id, ClusterTokenService service, HttpContext context, CancellationToken cancellationToken)
    {
        await service.RevokeAsync(id, context.ToActor(), cancellationToken);
        return TypedResults.Ok(new TokenRevokedDto("Token revoked.", id));
    }
}

/// <summary>What is asked of <c>POST /api/proxmox/cluster-token</c>.</summary>
internal sealed record CreateClusterToken(string? Site = null, string? Datacenter = null, int? MaximumNodes = null, int? ExpiresInHours = null)
{
    /// <summary><c>hub</c>, <c>network</c>, <c>all</c> or a list of networks; null for the network.</summary>
    public RoutesWish? Routes { get; init; }
}

/// <param name="Nodes">The nodes that have come, by name.</param>
internal sealed record ClusterTokenDto(
    string Id, string Site, string Datacenter, int MaximumNodes, IReadOnlyList<string> Nodes, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt, TokenState State)
{
    /// <summary>Of the spokes to be; null for the network.</summary>
    public required SpokeRoutes? Routes { get; init; }

    /// <summary>The secret; only in the answer that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    /// <summary>The line to paste in a root shell of every node; only in the answer that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get; init; }

    /// <summary>It may hold a secret.</summary>
    public override string ToString() => $"{nameof(ClusterTokenDto)} {Id}";

    public static ClusterTokenDto From(ClusterToken token, DateTimeOffset now) =>
        new(token.Id, token.Site, token.Datacenter, token.MaximumNodes, token.Nodes, token.CreatedAt, token.ExpiresAt, token.StateAt(now))
        {
            Routes = token.Routes,
        };

    /// <summary>One that was made just now.</summary>
    public static ClusterTokenDto WithSecret(ClusterToken token, TokenSecret secret, LinesAt here) =>
        From(token, token.CreatedAt) with { Token = secret.Reveal(), Command = here.ForNode(secret.Reveal()) };
}

internal sealed record ClusterTokenCreatedDto(string Message, ClusterTokenDto Token);

internal sealed record ClusterTokenListDto(IReadOnlyList<ClusterTokenDto> Tokens, long Total, int Page, int PageSize)
{
    public static ClusterTokenListDto From(Part<ClusterTokenDto> part) => new(part.Rows, part.Total, part.Paging.Page, part.Paging.PageSize);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CreateClusterToken))]
[JsonSerializable(typeof(ClusterTokenCreatedDto))]
[JsonSerializable(typeof(ClusterTokenListDto))]
[JsonSerializable(typeof(TokenRevokedDto))]
internal sealed partial class ClusterTokenJson : JsonSerializerContext;
