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
        await response.WriteAsync(
            context.Request.IsHtmx()
                ? $"""<div class="alert alert-danger" role="alert">{text}</div>"""
                : BarePage.Of(
                    PublicPath.PathOf(context),
                    $"{problem.Status}",
                    $"""
                     <div class="empty-header">{problem.Status}</div>
                     <h1 class="empty-title">{text}</h1>
                     {Id(context, problem)}
                     <div class="empty-action btn-list justify-content-center">{Ways(context, way)}</div>
                     """,
                    rooms: Rooms(context)),
            context.RequestAborted);
    }

    /// <summary>For whoever looks into the log for what is not told here.</summary>
    private static string Id(HttpContext context, AppException problem) => problem.Status < StatusCodes.Status500InternalServerError ? "" :
        $"""<p class="empty-subtitle text-secondary">Request <code>{context.TraceIdentifier}</code></p>""";

    /// <summary>The way on, and back to the page of this hub that sent the browser here.</summary>
    private static string Ways(HttpContext context, (string Words, string Path)? way)
    {
        var isSignedIn = context.User.Identity is { IsAuthenticated: true };
        var (words, path) = way ?? (isSignedIn ? "To the dashboard" : "To the start", "/");
        var on = $"""<a href="{path}" class="btn btn-primary">{words}</a>""";
        return Uri.TryCreate(context.Request.Headers.Referer, UriKind.Absolute, out var from) && from.Authority == context.Request.Host.Value
            ? $"""<a href="{HtmlEncoder.Default.Encode(from.AbsoluteUri)}" class="btn">Back</a> {on}"""
            : on;
    }

    /// <summary>Empty for who is not signed in.</summary>
    private static string Rooms(HttpContext context) => context.User.Identity is not { IsAuthenticated: true } ? "" :
        $"""
         <nav class="header-nav" aria-label="Rooms">
           {string.Concat(context.RequestServices.GetRequiredService<Navigation>().HeaderFor(context.User)
               .Select(item => $"""<a class="nav-link" href="{item.Path}">{item.Title}</a>"""))}
         </nav>
         """;
}
