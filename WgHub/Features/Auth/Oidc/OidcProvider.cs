using System.Text.Json;

namespace WgHub.Features.Auth.Oidc;

/// <summary>What a provider says of itself (OpenID Connect Discovery 1.0), and its keys.</summary>
/// <param name="TokenAuth">How a client may prove itself at the token endpoint.</param>
/// <param name="NamesItself">Each answer names the issuer (RFC 9207): one that does not is another's.</param>
internal sealed record OidcProvider(
    string Issuer, Uri Authorization, Uri Token, Uri KeySet, Uri? UserInfo, Uri? EndSession, IReadOnlyList<string> TokenAuth, bool NamesItself, JsonWebKeys Keys)
{
    public static Uri DiscoveryOf(string issuer) => new($"{issuer.TrimEnd('/')}/.well-known/openid-configuration");

    /// <exception cref="OidcException">The document is not this issuer's, or names what cannot be used.</exception>
    public static OidcProvider Parse(JsonElement json, string issuer)
    {
        if (json.Text("issuer") != issuer)
        {
            throw OidcException.Failed(
                "discovery-issuer", $"The provider calls itself '{Printable.Of(json.Text("issuer") ?? "", 200)}', the setting is '{issuer}'. They must be equal to the letter.");
        }

        return new(
            issuer,
            Required(json, issuer, "authorization_endpoint"),
            Required(json, issuer, "token_endpoint"),
            Required(json, issuer, "jwks_uri"),
            Optional(json, issuer, "userinfo_endpoint"),
            Optional(json, issuer, "end_session_endpoint"),
            [.. json.Has("token_endpoint_auth_methods_supported") ? json.Texts("token_endpoint_auth_methods_supported") : ["client_secret_basic"]],
            json.TryGetProperty("authorization_response_iss_parameter_supported", out var names) && names.ValueKind == JsonValueKind.True,
            new([]));
    }

    private static Uri Required(JsonElement json, string issuer, string name) =>
        Optional(json, issuer, name) ?? throw OidcException.Failed("discovery-endpoint", $"The provider names no {name}.");

    private static Uri? Optional(JsonElement json, string issuer, string name) =>
        !json.Has(name) ? null
        : ProviderUrl.TryParseNamedBy(new(issuer), json.Text(name), out var url) ? url
        : throw OidcException.Failed("discovery-endpoint", $"The provider's {name} is not an https address.");
}
