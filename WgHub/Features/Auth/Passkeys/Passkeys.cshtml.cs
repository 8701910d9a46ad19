using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Passkeys;

/// <summary>Somebody's own passkeys. A browser that was left alone must neither add nor remove one.</summary>
[Authorize(Policy = Access.Viewer), Confirmed(AlsoToRead = true)]
internal sealed class PasskeysModel(OwnPasskeys own, PasskeySite site, TimeProvider time) : PageModel
{
    [BindProperty]
    public string? Name { get; set; }

    /// <summary>What the browser says to the challenge, as JSON.</summary>
    [BindProperty]
    public string? Answer { get; set; }

    public IReadOnlyList<Passkey> Passkeys { get; private set; } = [];

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Why none can be added at this address; null when one can.</summary>
    public string? Obstacle => site.ObstacleFor(Request);

    /// <inheritdoc cref="PasskeySite.ByName"/>
    public Uri? ByName => site.ByName(Request);

    public void OnGet() => Passkeys = own.List(HttpContext.Me());

    public async Task<IActionResult> OnPostOptionsAsync() => Content(await own.BeginAddingAsync(HttpContext, Name), "application/json");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        Shown(await this.TryAsync(() => own.AddAsync(HttpContext, Name, Answer, cancellationToken)));

    public async Task<IActionResult> OnPostRemoveAsync([FromForm] string? id, CancellationToken cancellationToken) =>
        Shown(await this.TryAsync(() => own.RemoveAsync(HttpContext.Me(), id, cancellationToken)));

    private IActionResult Shown(bool isDone)
    {
        if (isDone)
        {
            return RedirectToPage();
        }

        OnGet();
        return Page();
    }
}
