using Microsoft.Extensions.Primitives;

namespace WgHub.Web;

internal static class SecurityHeaders
{
    // No inline script or style anywhere, so an injected one does nothing.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Headers of every answer: set at its very beginning, because an error clears what was set before it. What may be cached says so itself.
    /// </summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use((context, next) =>
        {
            context.Response.OnStarting(Add, context);
            return next(context);
        });

    private static Task Add(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";     // for what does not know frame-ancestors
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (context.Request.IsHttps)
        {
            // Over plain HTTP a browser ignores it, and complains of it on every page.
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }

        if (StringValues.IsNullOrEmpty(headers.CacheControl))
        {
            headers.CacheControl = "no-cache, no-store"; // what antiforgery writes on a page with a form
        }

        return Task.CompletedTask;
    }
}
