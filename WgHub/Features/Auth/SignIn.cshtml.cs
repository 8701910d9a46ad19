using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Local;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth;

[AllowAnonymous]
[SmallBody]
internal sealed class SignInModel(
    LocalSignIn signIn, PendingSignIn pending, KnownBrowsers known, SignInSettingsStore settings, UserStore users, Limits limits) : PageModel
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public Secret? Password { get; set; }

    /// <summary>Where to go afterwards; one that leads away from this hub is not followed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public bool IsLocalOn => settings.Current.LocalSignIn;

    public IActionResult OnGet() =>
        !users.HasAdministrator() ? Redirect("/setup")
        : User.RoleRank() > 0 ? this.GoTo(ReturnUrl, "/")
        : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        PasswordOutcome? outcome = null;
        if (!await this.TryAsync(async () => outcome = await SignInAsync(cancellationToken)))
        {
            return Page();
        }

        if (outcome!.SessionKey is not { } key)
        {
            pending.Set(HttpContext, new(outcome.User.Id, outcome.PasswordMark));
            return RedirectToPage("/Auth/Local/SecondStep", new { ReturnUrl });
        }

        SessionCookie.Set(HttpContext, key);
        known.Remember(HttpContext, outcome.User.Id);
        return this.GoTo(ReturnUrl, "/");
    }

    private Task<PasswordOutcome> SignInAsync(CancellationToken cancellationToken)
    {
        limits.Take(SignInLimits.Tries, HttpContext);
        return signIn.WithPasswordAsync(Name, Password, known.VisitorOf(HttpContext), cancellationToken);
    }
}
