using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Hub;

[Authorize(Policy = Access.ViewerReadsAdminWrites)]
internal sealed class SettingsModel(HubStore hubs, HubService service) : PageModel
{
    [BindProperty]
    public HubFields Hub { get; set; } = new();

    public HubConfig? Current => hubs.Current;

    public bool MayChange => User.May(Roles.Admin);

    public bool IsSaved { get; private set; }

    public void OnGet() => Hub = Current is { } hub ? HubFields.From(hub) : Hub;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        IsSaved = await this.TryAsync(() => service.ChangeAsync(Hub.ToForm(), HttpContext.ToActor(), cancellationToken));
        if (IsSaved)
        {
            // The fields show what is kept, in the hub's own spelling, and not what was typed.
            ModelState.Clear();
            OnGet();
        }

        return Page();
    }
}
