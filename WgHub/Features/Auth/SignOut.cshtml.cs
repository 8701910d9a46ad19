using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Oidc;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth;

/// <summary>For everybody who is signed in, and so for those too whose account has no role.</summary>
[AllowAnonymous]
[SmallBody]
internal sealed class SignOutModel(Database database, SessionStore sessions, OidcSignOut provider) : PageModel
{
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        SealedProviderSession? session = null;
        if (User.SessionId() is { } id)
        {
            session = sessions.FindProvider(id);
            await database.WriteAsync(
                HttpContext.ToActor(),
                tx =>
                {
                    sessions.End(tx, User.UserId()!, id);
                    tx.Audit(AuditEvents.SignOut, Subject.Self(tx, User.UserId()!));
                },
                cancellationToken);
        }

        SessionCookie.Clear(HttpContext);
        if (session is null || await provider.AddressAsync(HttpContext, session) is not { } address)
        {
            return Redirect("/signin");
        }

        await LeavePage.WriteAsync(HttpContext, address);
        return new EmptyResult();
    }
}
