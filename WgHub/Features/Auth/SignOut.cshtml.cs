using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Oidc;
using WgHub.Storage;

namespace WgHub.Features.Auth;

/// <summary>For everybody who is signed in, and so for those too whose account has no role.</summary>
[AllowAnonymous]
internal sealed class SignOutModel(Database database, SessionStore sessions, AuditLog audit, OidcSignOut provider) : PageModel
{
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        string? elsewhere = null;
        if (User.SessionId() is { } id)
        {
            elsewhere = await provider.AddressAsync(HttpContext, id);
            await database.WriteAsync(
                db =>
                {
                    sessions.End(db, User.UserId()!, id);
                    audit.Append(db, HttpContext.ToActor(), "signout", User.UserId());
                },
                cancellationToken);
        }

        SessionCookie.Clear(HttpContext);
        if (elsewhere is null)
        {
            return Redirect("/signin");
        }

        await LeavePage.WriteAsync(HttpContext, elsewhere);
        return new EmptyResult();
    }
}
