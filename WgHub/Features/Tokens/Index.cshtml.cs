using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Scripts;
using WgHub.Web;

namespace WgHub.Features.Tokens;

[Authorize(Policy = Access.ViewerReadsOperatorWrites)]
[TidyAddress]
internal sealed class IndexModel(TokenStore store, TokenService service, LeaseStore leases, InstallLines lines, Limits limits, TimeProvider time)
    : PageModel
{
    /// <summary>From the query alone: the framework has a route value "page" of its own.</summary>
    [BindProperty(SupportsGet = true), FromQuery]
    public TokenFilter Filter { get; set; } = TokenFilter.Plain;

    [BindProperty]
    public TokenFields Fields { get; set; } = new();

    public Part<TokenRow> List { get; private set; } = Part<TokenRow>.None;

    public Pager Links => List.Links(page => (Filter with { Page = page }).Href()).ByTime;

    public bool HasHub => leases.Usage() is not null;

    public bool MayChange => User.May(Roles.Operator);

    /// <summary>The token that this very request made.</summary>
    public Token? Made { get; private set; }

    /// <summary>Its lines, with the secret: shown in this one answer, and in no address and no log.</summary>
    public InstallLine? Lines { get; private set; }

    /// <summary>True when the lines lead to this very machine, as when the browser runs on it: elsewhere they lead nowhere.</summary>
    public bool IsLoopback { get; private set; }

    public IActionResult OnGet()
    {
        Load();
        return this.PageOr("_TokenTable");
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await this.TryAsync(() => CreateAsync(cancellationToken));
        Load();
        return this.PageOr("_TokenMade");
    }

    [AsksFirst("Revoke this token?", "Its line no longer works. A spoke that came by it stays connected.", "Revoke")]
    public async Task<IActionResult> OnPostRevokeAsync(string id, CancellationToken cancellationToken)
    {
        await service.RevokeAsync(id, HttpContext.ToActor(), cancellationToken);
        Load();
        return Request.IsHtmx() ? Partial("_TokenTable", this) : LocalRedirect(Filter.Href());
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        var here = lines.At(HttpContext);
        (Made, var secret) = await limits.TakeAsync(
            TokensRoom.NewTokens, HttpContext, () => service.CreateAsync(Fields.ToRequest(), HttpContext.ToActor(), cancellationToken));
        (Lines, IsLoopback) = (here.For(secret.Reveal()), here.IsLoopback);
    }

    private void Load()
    {
        var now = time.GetUtcNow();
        List = store.List(Filter, Filter.Paging).Select(token => new TokenRow(token, now, MayChange, Filter));
    }
}

/// <summary>A token as the page shows it at one moment.</summary>
/// <param name="Filter">The list that it stands in: a change leads back there.</param>
internal sealed record TokenRow(Token Token, DateTimeOffset Now, bool MayChange, TokenFilter Filter)
{
    public string RevokeHref => Filter.Href(("handler", "Revoke"), ("id", Token.Id));

    public TokenState State => Token.StateAt(Now);

    /// <summary>Not "pending": that is a spoke which was never connected.</summary>
    public string StateWord => State == TokenState.Pending ? "Open" : $"{State}";

    public bool CanRevoke => MayChange && State is TokenState.Pending or TokenState.Used;

    /// <summary>What is special about it; null for nothing.</summary>
    public string? Note =>
        Token.Kind == TokenKind.Reenrol ? "new key for this spoke" : Token.Platform is { } platform ? $"only for {Platforms.Name(platform)}" : null;

    /// <summary>When it came into its state; for one that waits, when that ends.</summary>
    public DateTimeOffset When => State switch
    {
        TokenState.Used => Token.UsedAt!.Value,
        TokenState.Revoked => Token.RevokedAt!.Value,
        _ => Token.ExpiresAt,
    };
}
