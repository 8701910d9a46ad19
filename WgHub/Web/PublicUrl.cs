using Microsoft.Extensions.Options;

namespace WgHub.Web;

/// <summary>Where others reach this hub.</summary>
internal sealed class PublicUrl(IOptions<WebOptions> options)
{
    /// <summary>Null when it is not set.</summary>
    public Uri? Setting { get; } = options.Value.PublicUrl is { Length: > 0 } setting ? new(setting) : null;

    /// <summary>The setting, else what the caller itself asked for.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED when the Host header is no host name.</exception>
    public Uri For(HttpRequest request)
    {
        if (Setting is { } setting)
        {
            return setting;
        }

        var host = request.Host;
        return host.HasValue
            && Uri.CheckHostName(host.Host) != UriHostNameType.Unknown
            && Uri.TryCreate($"{request.Scheme}://{host.Value}", UriKind.Absolute, out var url)
            ? url
            : throw WebErrors.Malformed("The Host header is not a host name.");
    }
}
