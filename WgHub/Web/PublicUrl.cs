using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace WgHub.Web;

/// <summary>Where others reach this hub.</summary>
internal sealed class PublicUrl(IOptions<WebOptions> options)
{
    private PathString? _path;

    /// <summary>Null when it is not set.</summary>
    public Uri? Setting { get; } = options.Value.PublicUrl is { Length: > 0 } setting ? new(setting.TrimEnd('/')) : null;

    /// <summary>What every address of this hub begins with, such as <c>/wghub</c>: all of it is served below that. Mostly empty.</summary>
    public PathString Path => _path ??= new(Setting?.AbsolutePath.TrimEnd('/'));

    /// <summary>The setting, else what the caller itself asked for; for a command of this machine, which asks for no name, what the hub listens on.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED when the Host header is no host name.</exception>
    public Uri For(HttpRequest request)
    {
        if (Setting is { } setting)
        {
            return setting;
        }

        if (request.HttpContext.IsControl())
        {
            return OwnUrl.Of(request.HttpContext.RequestServices.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
        }

        var host = request.Host;
        return host.HasValue
            && Uri.CheckHostName(host.Host) != UriHostNameType.Unknown
            && Uri.TryCreate($"{request.Scheme}://{host.Value}", UriKind.Absolute, out var url)
            ? url
            : throw WebErrors.Malformed("The Host header is not a host name.");
    }
}

internal static class HubAddresses
{
    /// <summary>The hub's address as programs put something behind it: without a slash at its end.</summary>
    public static string Base(this Uri hub) => hub.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>An address of that hub. <c>new Uri(hub, path)</c> would forget the path that the hub itself is below.</summary>
    /// <param name="path">Begins with a slash.</param>
    public static Uri Below(this Uri hub, string path) => new(hub.Base() + path);
}
