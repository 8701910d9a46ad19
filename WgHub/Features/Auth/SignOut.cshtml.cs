using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Web;

namespace WgHub.Features.Auth;

[Authorize(Policy = Access.Viewer)]
internal sealed class SignOutModel(SessionStore sessions) : PageModel
{
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (SessionCookie.Read(Request) is { } key)
        {
            await sessions.EndAsync(key, cancellationToken);
        }

        SessionCookie.Clear(HttpContext);
        return Redirect("/signin");
    }
}
