using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using WgHub.Web;

namespace WgHub.Features.Tls;

/// <summary>On connections to a plain listener that is there to lead to https alone.</summary>
internal sealed class RedirectOnly
{
    public static readonly RedirectOnly Mark = new();
}

/// <summary>Opens the addresses of <c>--urls</c>.</summary>
internal static class Listeners
{
    private static readonly TimeSpan LongestHandshake = TimeSpan.FromSeconds(10);

    public static bool IsHttps(string url) => BindingAddress.Parse(url).Scheme == Uri.UriSchemeHttps;

    /// <param name="isInsecureAllowed">False: beside https, plain HTTP beyond this machine only redirects.</param>
    public static void ListenOn(this KestrelServerOptions kestrel, IReadOnlyList<string> urls, bool isInsecureAllowed)
    {
        var hasHttps = urls.Any(IsHttps);
        foreach (var address in urls.Select(BindingAddress.Parse))
        {
            kestrel.Bind(address, listen =>
            {
                if (address.Scheme == Uri.UriSchemeHttps)
                {
                    listen.UseCurrentCertificate();
                }
                else if (hasHttps && !isInsecureAllowed && !IsLoopback(address))
                {
                    listen.Use(next => connection =>
                    {
                        connection.Features.Set(RedirectOnly.Mark);
                        return next(connection);
                    });
                }
            });
        }
    }

    public static bool IsLoopback(string url) => IsLoopback(BindingAddress.Parse(url));

    private static bool IsLoopback(BindingAddress address) =>
        IsLocalhost(address) || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));

    private static bool IsLocalhost(BindingAddress address) => string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase);

    // As --urls is read everywhere: a name other than localhost is any address of this machine.
    private static void Bind(this KestrelServerOptions kestrel, BindingAddress address, Action<ListenOptions> configure)
    {
        if (IsLocalhost(address))
        {
            kestrel.ListenLocalhost(address.Port, configure);
        }
        else if (IPAddress.TryParse(address.Host, out var ip))
        {
            kestrel.Listen(ip, address.Port, configure);
        }
        else
        {
            kestrel.ListenAnyIP(address.Port, configure);
        }
    }

    private static void UseCurrentCertificate(this ListenOptions listen)
    {
        var certificates = listen.ApplicationServices.GetRequiredService<Certificates>();
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = LongestHandshake,
            OnConnection = context => new(
                certificates.HandshakeFor(context.ClientHelloInfo.ServerName, context.Connection.Features.Get<OneAtATime>() is not null)),
        });
    }
}
