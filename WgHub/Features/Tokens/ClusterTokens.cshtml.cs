using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Routes;
using WgHub.Features.Scripts;
using WgHub.Web;

namespace WgHub.Features.Tokens;

[Authorize(Policy = Access.ViewerReadsOperatorWrites)]
internal sealed class ClusterTokensModel(
    ClusterTokenStore store, ClusterTokenService service, LeaseStore leases, InstallLines lines, Limits limits, TimeProvider time) : PageModel
{
    /// <summary>Whoever has more than this has revoked or used up the rest.</summary>
    private const int NewestShown = 100;

    [BindProperty]
    public ClusterTokenFields Fields { get; set; } = new();

    public IReadOnlyList<ClusterToken> Tokens { get; private set; } = [];

    public DateTimeOffset Now { get; private set; }

    public bool HasHub => leases.Usage() is not null;

    public bool MayChange => User.May(Roles.Operator);

    /// <summary>The token that this very request made.</summary>
    public ClusterToken? Made { get; private set; }

    /// <summary>Its line, with the secret: shown in this one answer, and in no address and no log.</summary>
    public string? Line { get; private set; }

    /// <summary>True when the line leads to this very machine: elsewhere it leads nowhere.</summary>
    public bool IsLoopback { get; private set; }

    /// <param name="site">Of a cluster that lacks spokes.</param>
    /// <param name="nodes">How many it lacks.</param>
    public IActionResult OnGet(string? site, int? nodes)
    {
        Fields = new() { Site = site, MaximumNodes = nodes is > 0 and <= ClusterTokenService.MostNodes ? nodes : ClusterTokenService.DefaultNodes };
        Load();
        return this.PageOr("_ClusterTokens");
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await this.TryAsync(() => CreateAsync(cancellationToken));
        Load();
        return Page();
    }

    [AsksFirst("Revoke this token?", "No more nodes come by it; those that have come stay connected.", "Revoke")]
    public async Task<IActionResult> OnPostRevokeAsync(string id, CancellationToken cancellationToken)
    {
        await service.RevokeAsync(id, HttpContext.ToActor(), cancellationToken);
        Load();
        return Request.IsHtmx() ? Partial("_ClusterTokens", this) : RedirectToPage();
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        var here = lines.At(HttpContext);
        (Made, var secret) = await limits.TakeAsync(
            TokensRoom.NewTokens, HttpContext, () => service.CreateAsync(Fields.ToRequest(), HttpContext.ToActor(), cancellationToken));
        (Line, IsLoopback) = (here.ForNode(secret.Reveal()), here.IsLoopback);
    }

    private void Load() => (Tokens, Now) = (store.List(new(1, NewestShown)).Rows, time.GetUtcNow());
}

/// <summary>What a new cluster token is asked for, named as in the API.</summary>
internal sealed class ClusterTokenFields : IRoutesFields
{
    public string? Site { get; set; }

    public string? Datacenter { get; set; }

    public int? MaximumNodes { get; set; } = ClusterTokenService.DefaultNodes;

    public int? ExpiresInHours { get; set; } = TokenService.DefaultHours;

    public string? Routes { get; set; }

    public string? RoutedNetworks { get; set; }

    public CreateClusterToken ToRequest() => new(Site, Datacenter, MaximumNodes, ExpiresInHours) { Routes = RoutesWish.Of(this) };
}
