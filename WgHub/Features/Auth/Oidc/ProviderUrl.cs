using System.Diagnostics.CodeAnalysis;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Addresses of a provider: https, and on this machine plain http too.</summary>
internal static class ProviderUrl
{
    private const int Longest = 500;

    public static bool TryParse(string? text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url)
        && text!.Length <= Longest
        && (url.Scheme == Uri.UriSchemeHttps || IsHttpToThisMachine(url))
        && url is { UserInfo: "", Fragment: "" };

    /// <summary>The issuer as a setting: where the discovery document is found, so there is no query.</summary>
    public static bool IsIssuer(string? text) => TryParse(text, out var url) && url.Query.Length == 0;

    /// <summary>What a provider elsewhere names must not lead to a program on this machine.</summary>
    public static bool TryParseNamedBy(Uri issuer, string? text, [NotNullWhen(true)] out Uri? url) =>
        TryParse(text, out url) && (url.Scheme == Uri.UriSchemeHttps || IsHttpToThisMachine(issuer));

    private static bool IsHttpToThisMachine(Uri url) => url.Scheme == Uri.UriSchemeHttp && url.IsLoopback;
}
