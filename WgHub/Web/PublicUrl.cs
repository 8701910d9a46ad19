using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WgHub.Web;

/// <summary>Settings under <c>Web</c>.</summary>
internal sealed class WebOptions
{
    public const string Section = "Web";

    /// <summary>The hub's address as spokes and browsers reach it, such as <c>https://vpn.example.com</c>. Empty: as the browser asked for it.</summary>
    [RegularExpression(@"^https?://([a-zA-Z0-9.-]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?/?$")]
    public string? PublicUrl { get; set; }
}

[OptionsValidator]
internal sealed partial class WebOptionsValidator : IValidateOptions<WebOptions>;

/// <summary>Where others reach this hub.</summary>
internal sealed class PublicUrl(IOptions<WebOptions> options)
{
    /// <summary>The setting, else what the caller itself asked for.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED when the Host header is no host name.</exception>
    public Uri For(HttpRequest request)
    {
        if (options.Value.PublicUrl is { Length: > 0 } setting)
        {
            return new(setting);
        }

        var host = request.Host;
        return host.HasValue && Uri.CheckHostName(host.Host) != UriHostNameType.Unknown && Uri.TryCreate($"{request.Scheme}://{host.Value}", UriKind.Absolute, out var url)
            ? url
            : throw WebErrors.Malformed("The Host header is not a host name.");
    }
}
