using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

[Authorize(Policy = InPerson.Admin)]
internal sealed class ApiTokensModel(ApiTokenStore store, ApiTokenService service, TimeProvider time) : ListPage
{
    private const int PageSize = 50;

    public Part<ApiToken> List { get; private set; } = Part<ApiToken>.None;

    public Pager Links => List.Links(page => $"/api-tokens?page={page}").ByTime;

    public DateTimeOffset Now => time.GetUtcNow();

    public void OnGet() => List = store.List(PagingBy(PageSize));

    /// <summary>Needs no fresh proof: it only takes power away, and somebody may be in a hurry.</summary>
    [AsksFirst("Revoke this API token?", "The program that uses it is refused from now on. It cannot be taken back: make another one.", "Revoke")]
    public async Task<IActionResult> OnPostRevokeAsync([FromQuery] string? id, CancellationToken cancellationToken)
    {
        await service.RevokeAsync(id ?? "", HttpContext.ToActor(), cancellationToken);
        OnGet();
        return Request.IsHtmx() ? Partial("_ApiTokenTable", this) : RedirectToPage();
    }
}
