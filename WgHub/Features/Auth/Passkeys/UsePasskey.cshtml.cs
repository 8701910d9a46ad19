using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Passkeys;

[AllowAnonymous]
[SmallBody]
internal sealed class UsePasskeyModel(PasskeySignIn signIn, Limits limits) : PageModel
{
    /// <summary>What the browser says to the challenge, as JSON.</summary>
    [BindProperty]
    public string? Answer { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public IActionResult OnGet() => User.RoleRank() > 0 ? this.GoTo(ReturnUrl, "/") : Page();

    public async Task<IActionResult> OnPostOptionsAsync()
    {
        limits.Take(SignInLimits.Tries, HttpContext);
        return Content(await signIn.BeginAsync(HttpContext), "application/json");
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        await this.TryAsync(() => SignInAsync(cancellationToken)) ? this.GoTo(ReturnUrl, "/") : Page();

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        limits.Take(SignInLimits.Tries, HttpContext);
        SessionCookie.Set(HttpContext, await signIn.FinishAsync(HttpContext, Answer, cancellationToken));
    }
}
