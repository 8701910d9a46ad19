using WgHub.Web;

namespace WgHub.Features.Auth.Passkeys;

/// <summary>The address that the hub's passkeys belong to: browsers use them there alone, which is why no look-alike page can ask for them.</summary>
internal sealed class PasskeySite(PublicUrl publicUrl)
{
    /// <summary>As browsers write it, such as <c>https://vpn.example.com</c>.</summary>
    public string OriginFor(HttpRequest request) => publicUrl.For(request).GetLeftPart(UriPartial.Authority);

    /// <returns>Why there are no passkeys at this address; null when there may be.</returns>
    public string? ObstacleFor(HttpRequest request)
    {
        var url = publicUrl.For(request);
        return url.HostNameType != UriHostNameType.Dns
            ? $"Passkeys belong to a host name, and this hub goes by the address {url.Host}. Give it a name, and open it by that."
            : url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback ? "Browsers use passkeys over https only, and this hub is open by http."
            : null;
    }
}
