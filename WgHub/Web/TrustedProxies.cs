using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace WgHub.Web;

/// <summary>
/// The proxies in front of this hub. Where a request came from, and whether over https, is believed from them alone: anybody can write <c>X-Forwarded-For</c>.
/// </summary>
internal sealed partial class TrustedProxies(IOptions<WebOptions> options, ILogger<TrustedProxies> logger)
{
    private readonly System.Net.IPNetwork[] _networks = [.. options.Value.ListProxies()];
    private int _isWarned;

    public bool Any => _networks.Length > 0;

    /// <summary>What the framework's own middleware is told: one step back and no further, and never another Host.</summary>
    public ForwardedHeadersOptions Forwarding
    {
        get
        {
            var forwarded =
                new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };

            // Else whatever runs on this machine may give any address as its own.
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in _networks)
            {
                forwarded.KnownIPNetworks.Add(network);
            }

            return forwarded;
        }
    }

    public bool Include(IPAddress? address) => WebOptions.Include(_networks, address);

    /// <summary>Tells once that a proxy seems to be there which nobody has named: all its callers then share one address's limits.</summary>
    public void WarnOfUnnamed(HttpRequest request)
    {
        if (!Any && request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName) && Interlocked.Exchange(ref _isWarned, 1) == 0)
        {
            LogUnnamed(request.HttpContext.Connection.RemoteIpAddress);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Address} sends X-Forwarded-For, which is not believed. If it is your proxy, name it in Web:TrustedProxies.")]
    private partial void LogUnnamed(IPAddress? address);
}

internal static class TrustedProxyMiddleware
{
    /// <summary>
    /// Takes the caller's address and scheme from a trusted proxy. Plain HTTP is served to it and to this machine alone, unless the start allowed it to all:
    /// a password or a token must not cross a network in the clear.
    /// </summary>
    public static void UseTrustedProxies(this WebApplication app, bool isInsecureHttpAllowed)
    {
        var proxies = app.Services.GetRequiredService<TrustedProxies>();
        app.Use((context, next) =>
        {
            proxies.WarnOfUnnamed(context.Request);
            var peer = context.Connection.RemoteIpAddress;
            return isInsecureHttpAllowed || context.Request.IsHttps || peer is null || IPAddress.IsLoopback(peer) || proxies.Include(peer)
                ? next(context)
                : context.RefuseAsync(WebErrors.PlainHttp());
        });
        if (proxies.Any)
        {
            app.UseForwardedHeaders(proxies.Forwarding);
        }
    }
}
