using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace WgHub.Web;

/// <summary>Settings under <c>Web</c>. Lists are separated by commas.</summary>
internal sealed partial class WebOptions : IValidatableObject
{
    public const string Section = "Web";

    private const string Origin = @"\Ahttps?://([a-zA-Z0-9.-]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?";

    /// <summary>Words that no browser, proxy or shell writes in another way than we do.</summary>
    private const string Below = "(/[a-zA-Z0-9_~-][a-zA-Z0-9._~-]*)*";

    /// <summary>
    /// The hub's address as spokes and browsers reach it, such as <c>https://vpn.example.com</c>, or with a path where a proxy serves others
    /// beside it: <c>https://example.com/wghub</c>. Empty: as the browser asked for it.
    /// </summary>
    public string? PublicUrl { get; set; }

    /// <summary>Names that this hub answers to besides those it knows itself.</summary>
    public string? AllowedHosts { get; set; }

    /// <summary>Addresses and networks whose word on where a request came from is believed, such as <c>10.0.0.5, fd00::/64</c>.</summary>
    public string? TrustedProxies { get; set; }

    /// <summary>Sites whose scripts may call the API with a token, such as <c>https://portal.example.com</c>.</summary>
    public string? CorsOrigins { get; set; }

    public IEnumerable<string> ListHosts() => Items(AllowedHosts);

    /// <summary>The addresses and networks in a list; null for what is none.</summary>
    public static IEnumerable<(string Text, IPNetwork? Network)> NetworksIn(string? list) => Items(list).Select(item => (item, NetworkOf(item)));

    /// <summary>True when the address is in one of the networks, also one of IPv4 that came over a socket of both families.</summary>
    public static bool Include(IPNetwork[] networks, IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && Array.Exists(networks, network => network.Contains(plain));
    }

    public IEnumerable<IPNetwork> ListProxies() => Items(TrustedProxies).Select(item => NetworkOf(item)!.Value);

    public IEnumerable<string> ListOrigins() => Items(CorsOrigins);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. Address(PublicUrl)
            .Where(url => !OneAddress().IsMatch(url) || !Uri.TryCreate(url, UriKind.Absolute, out _))
            .Select(url => Wrong(
                nameof(PublicUrl), url,
                "an address such as https://vpn.example.com or https://example.com/wghub, with letters, digits and . _ ~ - in the words of its path")),
        .. ListHosts()
            .Where(host => Uri.CheckHostName(host) != UriHostNameType.Dns)
            .Select(host => Wrong(nameof(AllowedHosts), host, "a host name such as vpn.example.com")),
        .. Items(TrustedProxies)
            .Where(item => NetworkOf(item) is null)
            .Select(item => Wrong(nameof(TrustedProxies), item, "an address or a network such as 10.0.0.0/24")),
        .. ListOrigins()
            .Where(origin => !OneOrigin().IsMatch(origin))
            .Select(origin => Wrong(nameof(CorsOrigins), origin, "an origin such as https://portal.example.com")),
    ];

    private static ValidationResult Wrong(string setting, string item, string sentence) => new($"{Section}:{setting}: '{item}' is not {sentence}.");

    private static IEnumerable<string> Address(string? setting) => setting is { Length: > 0 } ? [setting] : [];

    private static string[] Items(string? list) => (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // All addresses as a trusted network would let everybody write his own address.
    private static IPNetwork? NetworkOf(string item) =>
        IPAddress.TryParse(item, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(item, out var network) && network.PrefixLength > 0 ? network
        : null;

    [GeneratedRegex(Origin + Below + @"/?\z")]
    private static partial Regex OneAddress();

    [GeneratedRegex(Origin + @"\z")]
    private static partial Regex OneOrigin();
}

[OptionsValidator]
internal sealed partial class WebOptionsValidator : IValidateOptions<WebOptions>;
