using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>Asks before a spoke goes; a page of its own, so that the question is there without script too.</summary>
[Authorize(Policy = Access.Operator)]
internal sealed class RemoveModel(SpokeStore store, SpokeService service) : PageModel
{
    public Spoke Spoke { get; private set; } = null!; // each handler loads it first

    public void OnGet(string id) => Spoke = store.Find(id) ?? throw SpokeErrors.NotFound();

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken cancellationToken)
    {
        OnGet(id);
        return await this.TryAsync(() => service.RemoveAsync(id, HttpContext.ToActor(), cancellationToken))
            ? Redirect(SpokeFilter.All.Href(("did", "removed"), ("whose", Spoke.Name)))
            : Page();
    }
}
