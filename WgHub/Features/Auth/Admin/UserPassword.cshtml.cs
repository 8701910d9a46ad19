using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>Sets a new password for somebody who has lost theirs.</summary>
[Authorize(Policy = InPerson.Admin), Confirmed(AlsoToRead = true)]
internal sealed class UserPasswordModel(UserList list, UserAdministration administration) : PageModel
{
    [BindProperty]
    public Secret? Password { get; set; }

    public Account Account { get; private set; } = null!; // each handler loads it first

    public void OnGet([FromRoute] string id) => Account = list.Find(id) ?? throw WebErrors.NotFound("account");

    public async Task<IActionResult> OnPostAsync([FromRoute] string id, CancellationToken cancellationToken)
    {
        OnGet(id);
        return await this.TryAsync(() => administration.SetPasswordAsync(id, Password, Administrator.Of(HttpContext), cancellationToken))
            ? Redirect($"/users/{Account.User.Id}")
            : Page();
    }
}
