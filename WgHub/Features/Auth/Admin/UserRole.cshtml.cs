using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>Changes an account's role: the one form that can, an address of its own.</summary>
[Authorize(Policy = InPerson.Admin), Confirmed(AlsoToRead = true)]
internal sealed class UserRoleModel(UserList list, AllMadeBy made, UserAdministration administration) : PageModel
{
    [BindProperty]
    public string? Role { get; set; }

    public Account Account { get; private set; } = null!; // each handler loads it first

    public IReadOnlyList<Made> Made { get; private set; } = [];

    public void OnGet([FromRoute] string id)
    {
        Load(id);
        Role = Account.User.Role;
    }

    public async Task<IActionResult> OnPostAsync([FromRoute] string id, CancellationToken cancellationToken)
    {
        Load(id);
        return await this.TryAsync(() => administration.SetRoleAsync(id, Role, Administrator.Of(HttpContext), cancellationToken))
            ? Redirect($"/users/{Account.User.Id}")
            : Page();
    }

    private void Load(string id)
    {
        Account = list.Find(id) ?? throw WebErrors.NotFound("account");
        Made = made.Open(id);
    }
}
