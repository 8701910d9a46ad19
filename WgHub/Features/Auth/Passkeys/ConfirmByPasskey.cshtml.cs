using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Passkeys;

/// <summary>A passkey in place of the password and the code where <see cref="Confirmation"/> wants a proof.</summary>
[Authorize(Policy = Access.Viewer)]
internal sealed class ConfirmByPasskeyModel(OwnPasskeys passkeys, Limits limits) : PageModel
{
    /// <summary>What the browser says to the challenge, as JSON.</summary>
    [BindProperty]
    public string? Answer { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public void OnGet() => _ = HttpContext.Me();

    public async Task<IActionResult> OnPostOptionsAsync() => Content(await passkeys.BeginProvingAsync(HttpContext), "application/json");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        await this.TryAsync(() => ProveAsync(cancellationToken)) ? this.GoTo(ReturnUrl, "/account") : Page();

    private Task ProveAsync(CancellationToken cancellationToken)
    {
        limits.Take(SignInLimits.Tries, HttpContext);
        return passkeys.ProveAsync(HttpContext, Answer, cancellationToken);
    }
}
