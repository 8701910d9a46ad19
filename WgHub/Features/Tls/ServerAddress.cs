using WgHub.Web;

namespace WgHub.Features.Tls;

/// <summary>Where a machine reaches this hub, and how it knows that it is this one.</summary>
/// <param name="Pin">The key to hold on to; null where an authority vouches for the hub, where a proxy in front has the certificate, and for
/// plain HTTP.</param>
internal sealed record ServerAddress(Uri Url, string? Pin)
{
    /// <summary>The options of curl for it, with a space after each. <c>--proto</c> keeps curl from an http address, where it would ignore the pin.</summary>
    public string CurlOptions =>
        Url.Scheme != Uri.UriSchemeHttps ? ""
        : Pin is null ? "--proto '=https' --tlsv1.2 "
        : $"--proto '=https' --tlsv1.2 -k --pinnedpubkey '{Pin}' ";
}

/// <summary>Tells the hub's address to whoever asks.</summary>
internal sealed class ServerAddresses(PublicUrl url, Certificates certificates)
{
    /// <exception cref="AppException">VALIDATION_FAILED when the Host header is no host name.</exception>
    public ServerAddress For(HttpContext context)
    {
        var server = url.For(context.Request);
        var isProxied = context.Request.IsHttps && !context.EndsTls();
        return new(server, server.Scheme == Uri.UriSchemeHttps && !isProxied && certificates.Current is { IsSelfIssued: true } pair ? pair.Pin : null);
    }
}
