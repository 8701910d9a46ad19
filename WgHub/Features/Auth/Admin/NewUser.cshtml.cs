using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>Adds a local account.</summary>
[Authorize(Policy = InPerson.Admin), Confirmed(AlsoToRead = true)]
internal sealed class NewUserModel(AccountService accounts) : PageModel
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Role { get; set; } = Roles.Viewer;

    [BindProperty]
    public Secret? Password { get; set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        User? added = null;
        var isAdded =
            await this.TryAsync(async () => added = await accounts.AddAsync(Name ?? "", Role ?? "", Password, HttpContext.ToActor(), cancellationToken));
        return isAdded ? Redirect($"/users/{added!.Id}") : Page();
    }
}
