using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth;

/// <summary>Asks who is signed in to prove it anew; see <see cref="Confirmation"/>.</summary>
[Authorize(Policy = Access.Viewer)]
internal sealed class ConfirmModel(Database database, UserStore users, FreshProof proof) : PageModel
{
    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public bool IsLocal { get; private set; }

    public bool NeedsCode { get; private set; }

    public void OnGet()
    {
        var id = HttpContext.Me().UserId;
        IsLocal = database.Read(db => users.Find(db, id)) is { IsLocal: true };
        NeedsCode = IsLocal && proof.NeedsCode(id);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        OnGet();
        return await this.TryAsync(() => proof.GiveAsync(HttpContext.Me(), Password, Code, cancellationToken)) ? this.GoTo(ReturnUrl, "/account") : Page();
    }
}
