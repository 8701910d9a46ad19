using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Web;

internal static class PageRefusals
{
    /// <summary>Does what a form asks for. A refusal goes to the fields that it names, and to the status of the answer.</summary>
    /// <returns>False when the form could not be read or was refused: the page shows it again.</returns>
    public static async Task<bool> TryAsync(this PageModel page, Func<Task> action)
    {
        if (!page.ModelState.IsValid)
        {
            page.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return false;
        }

        try
        {
            await action();
            return true;
        }
        catch (Exception exception) when (exception is AppException or WgException or StorageException)
        {
            page.Tell(AppProblems.Translate(exception));
            return false;
        }
    }

    /// <summary>The fragment alone for htmx, which puts it in place of the old one; else the whole page.</summary>
    public static IActionResult PageOr(this PageModel page, string fragment) =>
        page.Request.IsHtmx() ? new Fragment(page.Partial(fragment, page)) : page.Page();

    private static void Tell(this PageModel page, AppException refusal)
    {
        page.Response.StatusCode = refusal.Code == WebErrors.ValidationFailed ? StatusCodes.Status422UnprocessableEntity : refusal.Status;
        if (refusal.RetryAfter is { } wait)
        {
            page.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (field, sentences) in refusal.Errors)
        {
            // What no field of this form shows stands above it.
            page.ModelState.AddModelError(page.ModelState.ContainsKey(field) ? field : "", sentences[0]);
        }

        if (refusal.Errors.Count == 0)
        {
            page.ModelState.AddModelError("", refusal.Message);
        }
    }
}
