using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

[Authorize(Policy = InPerson.Admin)]
internal sealed class ApiTokensModel(ApiTokenStore store, ApiTokenService service, TimeProvider time) : PageModel
{
    private const int PageSize = 50;

    /// <summary>From 1. From the query alone: the framework has a route value "page" of its own.</summary>
    [BindProperty(SupportsGet = true), FromQuery(Name = "page")]
    public int? PageNumber { get; set; }

    public IReadOnlyList<ApiToken> Tokens { get; private set; } = [];

    public long Total { get; private set; }

    public DateTimeOffset Now => time.GetUtcNow();

    public int Shown => Paging.Near(PageNumber, PageSize).Page;

    public bool HasMore => (long)Shown * PageSize < Total;

    public void OnGet() => (Tokens, Total) = store.List(Paging.Near(PageNumber, PageSize));

    /// <summary>Needs no fresh proof: it only takes power away, and somebody may be in a hurry.</summary>
    public async Task<IActionResult> OnPostRevokeAsync([FromQuery] string? id, CancellationToken cancellationToken)
    {
        await service.RevokeAsync(id ?? "", HttpContext.ToActor(), cancellationToken);
        OnGet();
        return Request.IsHtmx() ? Partial("_ApiTokenTable", this) : RedirectToPage();
    }
}
