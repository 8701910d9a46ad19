using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WgHub.Web;

namespace WgHub.Features.Tls;

internal static class TlsMiddleware
{
    private const string HalfAYear = "max-age=15552000";

    /// <summary>Leads from the plain listener to https, and tells browsers to stay there when that is sure to go well.</summary>
    public static void UseTls(this WebApplication app)
    {
        var certificates = app.Services.GetRequiredService<Certificates>();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        app.Use((context, next) =>
        {
            if (context.Features.Get<RedirectOnly>() is not null)
            {
                return RedirectAsync(context, addresses);
            }

            if (MayStay(context, certificates))
            {
                context.Response.Headers.StrictTransportSecurity = HalfAYear;
            }

            return next(context);
        });
    }

    /// <summary>True when the connection's TLS ends here, and not in a proxy.</summary>
    public static bool EndsTls(this HttpContext context) => context.Features.Get<ITlsHandshakeFeature>() is not null;

    private static Task RedirectAsync(HttpContext context, IServerAddressesFeature addresses)
    {
        var url = context.RequestServices.GetRequiredService<PublicUrl>().For(context.Request);
        if (url.Scheme != Uri.UriSchemeHttps)
        {
            var port = BindingAddress.Parse(addresses.Addresses.First(Listeners.IsHttps)).Port;
            url = new UriBuilder(Uri.UriSchemeHttps, url.Host, port).Uri;
        }

        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location =
            $"{url.GetLeftPart(UriPartial.Authority)}{context.Request.PathBase}{context.Request.Path}{context.Request.QueryString.ToUriComponent()}";
        return Task.CompletedTask;
    }

    // With the hub's own certificate a browser that was told this would never again let anybody past its warning.
    private static bool MayStay(HttpContext context, Certificates certificates) =>
        context.EndsTls() && certificates.Current is { IsSelfIssued: false }
        && Uri.CheckHostName(context.Request.Host.Host) == UriHostNameType.Dns && context.Request.Host.Host != "localhost";
}
