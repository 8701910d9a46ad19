using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth.Local;

[Authorize(Policy = Access.Viewer)]
internal sealed class AccountPasswordModel(UserStore users, OwnPassword ownPassword) : PageModel
{
    [BindProperty]
    public Secret? Password { get; set; }

    [BindProperty]
    public Secret? Next { get; set; }

    public bool IsChanged { get; private set; }

    public void OnGet() => _ = users.FindLocalById(HttpContext.Me().UserId) ?? throw WebErrors.NotFound("password");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        OnGet();
        IsChanged = await this.TryAsync(() => ownPassword.ChangeAsync(HttpContext.Me(), Password, Next, cancellationToken));
        return Page();
    }
}
