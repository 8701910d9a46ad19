using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Web;

namespace WgHub.Features.Auth;

[AllowAnonymous]
[SmallBody]
internal sealed class SignInModel(AccountService accounts, UserStore users, Limits limits) : PageModel
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    /// <summary>Where to go afterwards; one that leads away from this hub is not followed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public IActionResult OnGet() =>
        !users.HasAdministrator() ? Redirect("/setup")
        : User.RoleRank() > 0 ? LocalRedirect(Destination())
        : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        await this.TryAsync(() => SignInAsync(cancellationToken)) ? LocalRedirect(Destination()) : Page();

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        limits.TakeSignIn(HttpContext);
        SessionCookie.Set(HttpContext, await accounts.SignInAsync(Name, Password, Visitor.Of(HttpContext), cancellationToken));
    }

    private string Destination() => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl! : "/";
}
