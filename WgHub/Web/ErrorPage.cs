using System.Globalization;
using System.Text.Encodings.Web;

namespace WgHub.Web;

/// <summary>The page for what went wrong. It needs no Razor and no database: it works when they do not.</summary>
internal static class ErrorPage
{
    /// <param name="way">Words and path of the way on; null for the dashboard.</param>
    public static async Task WriteAsync(HttpContext context, AppException problem, (string Words, string Path)? way = null)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "text/html; charset=utf-8";
        if (problem.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var text = HtmlEncoder.Default.Encode(problem.Message);
        var (words, path) = way ?? ("To the dashboard", "/");
        await response.WriteAsync(
            context.Request.IsHtmx()
                ? $"""<div class="alert alert-danger" role="alert">{text}</div>"""
                : BarePage.Of(
                    $"{problem.Status}",
                    $"""
                     <div class="empty-header">{problem.Status}</div>
                     <p class="empty-title">{text}</p>
                     <div class="empty-action"><a href="{path}" class="btn btn-primary">{words}</a></div>
                     """),
            context.RequestAborted);
    }
}
