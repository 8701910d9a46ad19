using System.Globalization;
using System.Text.Encodings.Web;

namespace WgHub.Web;

/// <summary>The page for what went wrong. It needs no Razor and no database: it works when they do not.</summary>
internal static class ErrorPage
{
    public static async Task WriteAsync(HttpContext context, AppException problem)
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
                : $"""
                  <!doctype html>
                  <html lang="en">
                  <head>
                    <meta charset="utf-8">
                    <meta name="viewport" content="width=device-width, initial-scale=1">
                    <title>{problem.Status} · WgHub</title>
                    <link rel="icon" type="image/svg+xml" href="{Assets.Url("icon.svg")}">
                    <script src="{Assets.Url("theme.js")}"></script>
                    <link rel="stylesheet" href="{Assets.Url("tabler.css")}">
                    <link rel="stylesheet" href="{Assets.Url("app.css")}">
                  </head>
                  <body>
                    <main class="page page-center"><div class="container container-tight py-4">
                      <div class="empty">
                        <div class="empty-header">{problem.Status}</div>
                        <p class="empty-title">{text}</p>
                        <div class="empty-action"><a href="/" class="btn btn-primary">To the dashboard</a></div>
                      </div>
                    </div></main>
                  </body>
                  </html>
                  """,
            context.RequestAborted);
    }
}
