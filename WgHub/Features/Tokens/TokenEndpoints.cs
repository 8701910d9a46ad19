using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Features.Routes;
using WgHub.Features.Scripts;
using WgHub.Web;

namespace WgHub.Features.Tokens;

internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/api/installation").WithTags("tokens");
        tokens.MapPost("/token", CreateAsync).RequireAuthorization(Access.Operator).WithSummary("Makes a one-time token; its secret is shown this once.");
        tokens.MapPost("/tokens/import", ImportAsync)
            .RequireAuthorization(Access.Operator)
            .WithSummary("Makes many tokens: all or, when one is refused, none. A dry run only says what is wrong.");
        tokens.MapGet("/tokens", List).RequireAuthorization(Access.Viewer).WithSummary("Tokens without their secret, newest first.");
        tokens.MapDelete("/token/{id}", RevokeAsync).RequireAuthorization(Access.Operator).WithSummary("Revokes a token; its address is free again.");
    }

    private static async Task<Created<TokenCreatedDto>> CreateAsync(
        CreateToken request, TokenService service, InstallLines lines, Limits limits, HttpContext context, CancellationToken cancellationToken)
    {
        var here = lines.At(context);
        var (token, secret) = await limits.TakeAsync(
            TokensRoom.NewTokens, context, () => service.CreateAsync(request, context.ToActor(), cancellationToken));
        return TypedResults.Created((string?)null, new TokenCreatedDto(
            $"Token made for {token.SpokeName}.",
            TokenDto.WithSecret(token, secret, here)));
    }

    /// <summary>An import counts as one token for the limits.</summary>
    private static async Task<Results<Ok<TokensImportedDto>, Created<TokensImportedDto>>> ImportAsync(
        ImportTokens request, TokenImport import, InstallLines lines, Limits limits, HttpContext context, CancellationToken cancellationToken)
    {
        var isTrial = request.DryRun ?? false;
        var here = lines.At(context);
        FileRow[] wishes = [.. (request.Tokens ?? []).Select((wish, index) => new FileRow(index, wish ?? new(null)))];
        var rows = await (isTrial ? RowsAsync() : limits.TakeAsync(TokensRoom.NewTokens, context, RowsAsync));

        return isTrial
            ? TypedResults.Ok(new TokensImportedDto($"{rows.Count} tokens can be made. Nothing was made.", []))
            : TypedResults.Created(
                (string?)null,
                new TokensImportedDto($"{rows.Count} tokens made.", [.. rows.Select(row => TokenDto.WithSecret(row.Token!, row.Secret!, here))]));

        async Task<IReadOnlyList<ImportedRow>> RowsAsync()
        {
            var rows = await import.RunAsync(wishes, isTrial, context.ToActor(), cancellationToken);
            var problems = rows.SelectMany(row => row.Problems, (row, problem) => ($"tokens[{row.Row.Line}].{problem.Key}".TrimEnd('.'), problem.Value))
                .ToDictionary(problem => problem.Item1, problem => new[] { problem.Value });
            return problems.Count > 0 ? throw WebErrors.Invalid(problems) : rows;
        }
    }

    private static Ok<TokenListDto> List(TokenStore store, TimeProvider time, int page = 1, int pageSize = 200)
    {
        var now = time.GetUtcNow();
        var all = store.List(TokenFilter.Plain with { State = TokenChoice.All }, Paging.From(page, pageSize));
        return TypedResults.Ok(TokenListDto.From(all.Select(token => TokenDto.From(token, now))));
    }

    private static async Task<Ok<TokenRevokedDto>> RevokeAsync(string id, TokenService service, HttpContext context, CancellationToken cancellationToken)
    {
        await service.RevokeAsync(id, context.ToActor(), cancellationToken);
        return TypedResults.Ok(new TokenRevokedDto("Token revoked.", id));
    }
}

/// <summary>What is asked of <c>POST /api/installation/token</c>.</summary>
/// <param name="CustomIP">The spoke's IPv4 address; null for the next free one, of its group's own where it has some.</param>
/// <param name="Platform">The token is good for no other; null for any.</param>
/// <param name="Tags">Of the spoke to be.</param>
/// <param name="SpokeExpiresAt">When the spoke's own time ends, in ISO 8601; null for never.</param>
internal sealed record CreateToken(string? SpokeName, string? CustomIP = null, string? Platform = null, int? ExpiresInHours = null, string? Group = null,
    string? Owner = null, IReadOnlyList<string>? Tags = null, string? SpokeExpiresAt = null)
{
    /// <summary><c>hub</c>, <c>network</c>, <c>all</c> or a list of networks; null to follow the group.</summary>
    public RoutesWish? Routes { get; init; }

    /// <summary>The spoke's IPv6 address; null for the one that follows from its IPv4 address.</summary>
    public string? AddressV6 { get; init; }
}

/// <summary>What is asked of <c>POST /api/installation/tokens/import</c>.</summary>
internal sealed record ImportTokens(IReadOnlyList<CreateToken>? Tokens = null, bool? DryRun = null);

internal sealed record TokenDto
{
    public required string Id { get; init; }

    public required string SpokeId { get; init; }

    public required string SpokeName { get; init; }

    public required IReadOnlyList<string> AllowedIPs { get; init; }

    /// <summary>The spoke's IPv6 address, where it does not follow from the IPv4 one.</summary>
    public required string? AddressV6 { get; init; }

    public required TokenKind Kind { get; init; }

    public required string? Platform { get; init; }

    public required string? Group { get; init; }

    public required string Owner { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required DateTimeOffset? SpokeExpiresAt { get; init; }

    /// <summary>Of the spoke to be; null to follow its group.</summary>
    public required SpokeRoutes? Routes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required bool Used { get; init; }

    public required DateTimeOffset? UsedAt { get; init; }

    public required TokenState State { get; init; }

    /// <summary>The secret; only in the answer that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    /// <inheritdoc cref="Token"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InstallLine? Commands { get; init; }

    /// <summary>It may hold a secret.</summary>
    public override string ToString() => $"{nameof(TokenDto)} {Id}";

    public static TokenDto From(Token token, DateTimeOffset now) => new()
    {
        Id = token.Id,
        SpokeId = token.SpokeId,
        SpokeName = token.SpokeName,
        AllowedIPs = [$"{token.Address}/32"],
        AddressV6 = token.Address6?.ToString(),
        Kind = token.Kind,
        Platform = token.Platform,
        Group = token.Labels.Group,
        Owner = token.Labels.Owner,
        Tags = token.Labels.Tags.Words,
        SpokeExpiresAt = token.SpokeExpiresAt,
        Routes = token.Routes,
        CreatedAt = token.CreatedAt,
        ExpiresAt = token.ExpiresAt,
        Used = token.UsedAt is not null,
        UsedAt = token.UsedAt,
        State = token.StateAt(now),
    };

    /// <summary>One that was made just now.</summary>
    public static TokenDto WithSecret(Token token, TokenSecret secret, LinesAt here) =>
        From(token, token.CreatedAt) with { Token = secret.Reveal(), Commands = here.For(secret.Reveal()) };
}

internal sealed record TokenCreatedDto(string Message, TokenDto Token);

internal sealed record TokensImportedDto(string Message, IReadOnlyList<TokenDto> Tokens);

internal sealed record TokenListDto(IReadOnlyList<TokenDto> Tokens, long Total, int Page, int PageSize)
{
    public static TokenListDto From(Part<TokenDto> part) => new(part.Rows, part.Total, part.Paging.Page, part.Paging.PageSize);
}

internal sealed record TokenRevokedDto(string Message, string TokenId);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CreateToken))]
[JsonSerializable(typeof(List<CreateToken>))]
[JsonSerializable(typeof(ImportTokens))]
[JsonSerializable(typeof(TokensImportedDto))]
[JsonSerializable(typeof(TokenCreatedDto))]
[JsonSerializable(typeof(TokenListDto))]
[JsonSerializable(typeof(TokenRevokedDto))]
internal sealed partial class TokenJson : JsonSerializerContext;
