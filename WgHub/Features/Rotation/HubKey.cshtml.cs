using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.Rotation;

/// <summary>The hub's key and the way to another one, step by step.</summary>
[Authorize(Policy = InPerson.Admin), Confirmed]
[ShowsPeers]
internal sealed class HubKeyModel(HubKeyService service, HubStore hubs) : PageModel
{
    /// <summary>What the form does: <c>announce</c>, <c>switch</c> or <c>end</c>.</summary>
    [BindProperty]
    public string? Step { get; set; }

    /// <summary>How many spokes the person has read that stay behind.</summary>
    [BindProperty]
    public int LeaveBehind { get; set; }

    /// <summary>Null before the set-up.</summary>
    public HubKeyState? State { get; private set; }

    public void OnGet() => State = hubs.Current is null ? null : service.State();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var isDone = await this.TryAsync(() => Step switch
        {
            "announce" => service.AnnounceAsync(HttpContext.ToActor(), cancellationToken),
            "switch" => service.SwitchAsync(LeaveBehind, HttpContext.ToActor(), cancellationToken),
            "end" => service.EndAsync(HttpContext.ToActor(), cancellationToken),
            _ => throw WebErrors.Invalid("step", "One of announce, switch, end."),
        });
        OnGet();
        return isDone ? RedirectToPage() : Page();
    }
}
