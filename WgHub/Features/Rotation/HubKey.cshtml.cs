using System.Text;
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

    /// <summary>All that are not there yet, as a file: there may be thousands.</summary>
    public IActionResult OnGetBehind()
    {
        OnGet();
        var rows = (State?.Behind ?? []).Select(spoke => new string?[]
        {
            spoke.Name, spoke.Address, spoke.Os, Why(spoke.Status), spoke.LastHandshake is { } at ? UtcText.Of(at) : "",
        });
        return File(
            Encoding.UTF8.GetBytes(Csv.Write(rows.Prepend(["name", "address", "os", "why", "lastHandshake"]))),
            "text/csv; charset=utf-8", "behind.csv");
    }

    /// <summary>Why the next key has not reached a spoke of this state.</summary>
    public static string Why(SpokeStatus status) => status switch
    {
        SpokeStatus.Pending => "never connected",
        SpokeStatus.Disabled => "disabled",
        SpokeStatus.Expired => "expired",
        SpokeStatus.Inactive => "not connected now",
        _ => "connected, and has not fetched it",
    };

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
