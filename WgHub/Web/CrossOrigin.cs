using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace WgHub.Web;

/// <summary>Lets scripts of listed sites call the API with a token. Never with the cookie, and nothing at all when no site is listed.</summary>
internal static class CrossOrigin
{
    private static readonly TimeSpan PreflightLife = TimeSpan.FromMinutes(10);

    public static void UseCrossOrigin(this WebApplication app)
    {
        string[] origins = [.. app.Services.GetRequiredService<IOptions<WebOptions>>().Value.ListOrigins()];
        if (origins.Length > 0)
        {
            app.UseWhen(context => context.Request.IsApi(), api => api.UseCors(policy => policy
                .WithOrigins(origins)
                .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
                .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType)
                .WithExposedHeaders(HeaderNames.RetryAfter, HeaderNames.ContentDisposition)
                .SetPreflightMaxAge(PreflightLife)));
        }
    }
}
