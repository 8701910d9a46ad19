namespace WgHub.Web;

internal static class SecurityHeaders
{
    // No inline script or style anywhere, so an injected one does nothing.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Headers of every answer. What may be cached says so itself, later.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            if (context.Request.IsHttps)
            {
                // Over plain HTTP a browser ignores it, and complains of it on every page.
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
            }

            headers.CacheControl = "no-cache, no-store"; // what antiforgery wants on a page with a form; anything else it overrides with a warning
            return next(context);
        });
}
