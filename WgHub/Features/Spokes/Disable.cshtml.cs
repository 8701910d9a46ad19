using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>Asks before a tunnel is cut; a page of its own, so that the question is there without script too.</summary>
[Authorize(Policy = Access.Operator)]
[ShowsPeers]
internal sealed class DisableModel(SpokeStore store, SpokeService service, LivePeers live, TimeProvider time) : PageModel
{
    public SpokeRow Row { get; private set; } = null!; // each handler loads it first

    public void OnGet(string id) =>
        Row = new(live.Refresh(store.Find(id) ?? throw SpokeErrors.NotFound()), time.GetUtcNow(), MayChange: true, SpokeFilter.All);

    public async Task<IActionResult> OnPostAsync(string id, CancellationToken cancellationToken)
    {
        OnGet(id);
        return await this.TryAsync(() => service.ChangeAsync(id, new(Enabled: false), HttpContext.ToActor(), cancellationToken))
            ? Redirect($"/spokes/{id}")
            : Page();
    }
}
