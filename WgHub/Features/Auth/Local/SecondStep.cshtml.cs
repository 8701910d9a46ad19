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
internal sealed class SecondStepModel(LocalSignIn signIn, PendingSignIn pending, KnownBrowsers known, Limits limits) : PageModel
{
    [BindProperty]
    public Secret? Code { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public IActionResult OnGet() => pending.Read(Request) is null ? StartAgain() : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (pending.Read(Request) is not { } proof)
        {
            return StartAgain();
        }

        if (!await this.TryAsync(() => SignInAsync(proof, cancellationToken)))
        {
            return Page();
        }

        PendingSignIn.Clear(HttpContext);
        return this.GoTo(ReturnUrl, "/");
    }

    private async Task SignInAsync(PendingProof proof, CancellationToken cancellationToken)
    {
        limits.Take(SignInLimits.Tries, HttpContext);
        SessionCookie.Set(HttpContext, await signIn.WithCodeAsync(proof, Code, known.VisitorOf(HttpContext), cancellationToken));
        known.Remember(HttpContext, proof.UserId);
    }

    private RedirectToPageResult StartAgain() => RedirectToPage("/Auth/SignIn", new { ReturnUrl });
}
