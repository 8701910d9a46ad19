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
            ? $"Passkeys belong to a host name, and this hub goes by the address {url.Host}. Three steps give it a name: "
                + $"a DNS entry such as vpn.example.com that leads to {url.Host} (or that line in the hosts file of your own computer); "
                + $"the setting Web:PublicUrl with https://vpn.example.com{Port(url)} in the hub's wghub.json, and a restart; "
                + $"then open https://vpn.example.com{Port(url)}/account/passkeys."
            : url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback ? "Browsers use passkeys over https only, and this hub is open by http."
            : null;
    }

    /// <summary>Where the browser shows an address and the hub has a name: its passkeys work there alone. A proxy may have put the address there.</summary>
    /// <returns>This very page by the hub's name; null when the browser is there, as far as the hub can tell.</returns>
    public Uri? ByName(HttpRequest request) =>
        Uri.CheckHostName(request.Host.Host) is UriHostNameType.IPv4 or UriHostNameType.IPv6 && publicUrl.Setting is { HostNameType: UriHostNameType.Dns } name
            ? name.Below("/account/passkeys")
            : null;

    private static string Port(Uri url) => url is { Scheme: "https", IsDefaultPort: false } ? $":{url.Port}" : "";
}
