using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

/// <summary>Asks for the second factor of whoever has just typed the right password.</summary>
[AllowAnonymous]
[SmallBody]
internal sealed class SecondStepModel(LocalSignIn signIn, PendingSignIn pending, Limits limits) : PageModel
{
    [BindProperty]
    public Secret? Code { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public IActionResult OnGet() => pending.Read(Request) is null ? StartAgain() : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (pending.Read(Request) is not { } userId)
        {
            return StartAgain();
        }

        if (!await this.TryAsync(() => SignInAsync(userId, cancellationToken)))
        {
            return Page();
        }

        PendingSignIn.Clear(HttpContext);
        return this.GoTo(ReturnUrl, "/");
    }

    private async Task SignInAsync(string userId, CancellationToken cancellationToken)
    {
        limits.Take(SignInLimits.Tries, HttpContext);
        SessionCookie.Set(HttpContext, await signIn.WithCodeAsync(userId, Code, Visitor.Of(HttpContext), cancellationToken));
    }

    private RedirectToPageResult StartAgain() => RedirectToPage("/Auth/SignIn", new { ReturnUrl });
}
