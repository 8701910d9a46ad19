using Microsoft.AspNetCore.Antiforgery;
using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

internal static class ApiAntiforgery
{
    /// <summary>
    /// A change through the API by a browser's cookie needs the antiforgery header, as a page's form needs its field. A bearer token needs
    /// none: no other site can make a browser send it.
    /// </summary>
    public static void UseApiAntiforgery(this IApplicationBuilder app) =>
        app.Use(async (context, next) =>
        {
            var request = context.Request;
            if (!request.IsSafe() && request.IsApi() && context.User.Identity?.AuthenticationType == CallerAuthentication.ByCookie
                && !await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
            {
                await context.WriteProblemAsync(AuthErrors.NoAntiforgery());
                return;
            }

            await next(context);
        });
}
