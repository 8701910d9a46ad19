using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Tls;
using WgHub.Web;

namespace WgHub.Features.Tokens;

internal static class TokenEndpoints
{
    public static void AddTokens(this IServiceCollection services)
    {
        services.AddSingleton<TokenStore>();
        services.AddSingleton<TokenService>();
        services.AddApiJson(TokenJson.Default);
    }

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/api/installation").WithTags("tokens");
        tokens.MapPost("/token", CreateAsync).RequireAuthorization(Access.Operator).WithSummary("Makes a one-time token; its secret is shown this once.");
        tokens.MapGet("/tokens", List).RequireAuthorization(Access.Viewer).WithSummary("Tokens without their secret, newest first.");
        tokens.MapDelete("/token/{id}", RevokeAsync).RequireAuthorization(Access.Operator).WithSummary("Revokes a token; its address is free again.");
    }

    private static async Task<Created<TokenCreatedDto>> CreateAsync(
        CreateToken request, TokenService service, Limits limits, HubAddresses addresses, HttpContext context, CancellationToken cancellationToken)
    {
        limits.TakeToken(context);
        var hub = addresses.For(context);
        var (token, secret) = await service.CreateAsync(request, context.ToActor(), cancellationToken);
        return TypedResults.Created((string?)null, new TokenCreatedDto(
            $"Token made for {token.SpokeName}.",
            ToDto(token, token.CreatedAt) with { Token = secret.Reveal(), Commands = InstallLine.For(hub, secret) }));
    }

    private static Ok<TokenListDto> List(TokenStore store, TimeProvider time, int page = 1, int pageSize = 200)
    {
        var paging = Paging.From(page, pageSize);
        var now = time.GetUtcNow();
        var (tokens, total) = store.List(paging.PageSize, paging.Offset);
        return TypedResults.Ok(new TokenListDto([.. tokens.Select(token => ToDto(token, now))], total, paging.Page, paging.PageSize));
    }

    private static async Task<Ok<TokenRevokedDto>> RevokeAsync(string id, TokenService service, HttpContext context, CancellationToken cancellationToken)
    {
        await service.RevokeAsync(id, context.ToActor(), cancellationToken);
        return TypedResults.Ok(new TokenRevokedDto("Token revoked.", id));
    }

    private static TokenDto ToDto(Token token, DateTimeOffset now) => new(
        token.Id, token.SpokeId, token.SpokeName, [$"{token.Address}/32"], token.Platform, token.Group, token.CreatedAt, token.ExpiresAt, token.UsedAt is not null, token.UsedAt, token.StateAt(now));
}

/// <summary>What is asked of <c>POST /api/installation/token</c>.</summary>
internal sealed record CreateToken(string? SpokeName, string? CustomIP = null, string? Platform = null, int? ExpiresInHours = null, string? Group = null);

internal sealed record TokenDto(
    string Id,
    string SpokeId,
    string SpokeName,
    IReadOnlyList<string> AllowedIPs,
    string? Platform,
    string? Group,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    bool Used,
    DateTimeOffset? UsedAt,
    TokenState State)
{
    /// <summary>The secret; only in the answer that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    /// <inheritdoc cref="Token"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InstallLine? Commands { get; init; }
}

internal sealed record TokenCreatedDto(string Message, TokenDto Token);

internal sealed record TokenListDto(IReadOnlyList<TokenDto> Tokens, long Total, int Page, int PageSize);

internal sealed record TokenRevokedDto(string Message, string TokenId);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CreateToken))]
[JsonSerializable(typeof(TokenCreatedDto))]
[JsonSerializable(typeof(TokenListDto))]
[JsonSerializable(typeof(TokenRevokedDto))]
internal sealed partial class TokenJson : JsonSerializerContext;
