using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace WgHub.Features.Auth.Accounts;

internal static class ReturnAddress
{
    /// <summary>Goes on to where the browser wanted to; never away from this hub, whoever wrote the address.</summary>
    public static LocalRedirectResult GoTo(this PageModel page, string? returnUrl, string otherwise) =>
        page.LocalRedirect(page.Url.IsLocalUrl(returnUrl) ? returnUrl : otherwise);
}
