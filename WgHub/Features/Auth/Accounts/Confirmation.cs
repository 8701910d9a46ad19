using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace WgHub.Features.Auth.Accounts;

/// <summary>
/// What gives somebody power over the hub (roles, accounts, how people sign in) wants a fresh proof of who asks: a browser
/// that was left alone must not be enough. An API token can give no such proof: it makes no account and no token, and what it may do
/// besides, it may because somebody gave it that in person.
/// </summary>
internal static class Confirmation
{
    /// <summary>How long a proof is fresh; a sign-in is one.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>When the session's owner last proved who they are, in Unix milliseconds.</summary>
    public const string ClaimType = "wghub:confirmed";

    public static bool IsConfirmed(this PageModel page) => page.HttpContext.IsConfirmed();

    public static bool IsConfirmed(this HttpContext context) =>
        long.TryParse(context.User.FindFirstValue(ClaimType), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && DateTimeOffset.FromUnixTimeMilliseconds(at) + Life > context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    /// <summary>Sends the browser to prove it, and back to this page afterwards: to look at it again, and press once more.</summary>
    public static IActionResult AskToConfirm(this PageModel page)
    {
        var confirm = $"/confirm?returnUrl={Uri.EscapeDataString(page.Request.Path)}";
        if (!page.Request.IsHtmx())
        {
            return new RedirectResult(confirm);
        }

        page.Response.Htmx(headers => headers.Redirect(confirm));
        return new EmptyResult();
    }
}
