using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Setup;

/// <summary>Open while a code of <c>wghub setup-code --reset-admin</c> is.</summary>
[AllowAnonymous]
[SmallBody]
internal sealed class ResetModel(AdminReset reset, Limits limits) : PageModel
{
    [BindProperty]
    public AdministratorFields Administrator { get; set; } = new();

    public IActionResult OnGet() => reset.IsOpen ? Page() : Redirect("/");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        !reset.IsOpen ? Redirect("/")
        : await this.TryAsync(() => CompleteAsync(cancellationToken)) ? Redirect("/account")
        : Page();

    private async Task CompleteAsync(CancellationToken cancellationToken)
    {
        limits.Take(SetupRoom.Tries, HttpContext);
        SessionCookie.Set(HttpContext, await reset.CompleteAsync(Administrator, Visitor.Of(HttpContext), cancellationToken));
    }
}
