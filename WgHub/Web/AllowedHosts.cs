using System.Net;
using Microsoft.Extensions.Options;

namespace WgHub.Web;

/// <summary>Names of this hub that a room knows of, read anew each time: they change while it runs.</summary>
internal sealed record HostNames(Func<IEnumerable<string>> Read);

/// <summary>
/// The names that this hub answers to. A browser that was led here under another one (DNS rebinding) would take the page for that site's own.
/// An address needs no list: nobody else can give it another meaning.
/// </summary>
internal sealed class AllowedHosts(IOptions<WebOptions> options, PublicUrl publicUrl, IEnumerable<HostNames> rooms)
{
    private readonly HashSet<string> _known = new(
        ["localhost", Environment.MachineName, Dns.GetHostName(), .. options.Value.ListHosts(), .. publicUrl.Setting is { } url ? new[] { url.Host } : []],
        StringComparer.OrdinalIgnoreCase);

    /// <param name="host">Without its port; empty from programs of HTTP/1.0, which no browser is.</param>
    public bool Include(string host) =>
        host.Length == 0
        || Uri.CheckHostName(host) is UriHostNameType.IPv4 or UriHostNameType.IPv6
        || _known.Contains(host)
        || rooms.Any(room => room.Read().Contains(host, StringComparer.OrdinalIgnoreCase));
}

internal static class AllowedHostsMiddleware
{
    public static void UseAllowedHosts(this WebApplication app)
    {
        var hosts = app.Services.GetRequiredService<AllowedHosts>();
        app.Use((context, next) => hosts.Include(context.Request.Host.Host) ? next(context) : context.RefuseAsync(WebErrors.UnknownHost()));
    }
}
