using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth;

[Authorize(Policy = Access.Viewer)]
internal sealed class SignOutModel(Database database, SessionStore sessions, AuditLog audit) : PageModel
{
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (User.SessionId() is { } id)
        {
            await database.WriteAsync(
                db =>
                {
                    sessions.End(db, User.UserId()!, id);
                    audit.Append(db, HttpContext.ToActor(), "signout", User.UserId());
                },
                cancellationToken);
        }

        SessionCookie.Clear(HttpContext);
        return Redirect("/signin");
    }
}
