using System.Text.Json;

namespace WgHub.Features.Auth.Oidc;

/// <summary>What a provider says of itself (OpenID Connect Discovery 1.0), and its keys.</summary>
internal sealed record OidcProvider
{
    public required string Issuer { get; init; }

    public required Uri Authorization { get; init; }

    public required Uri Token { get; init; }

    public required Uri KeySet { get; init; }

    public required Uri? UserInfo { get; init; }

    public required Uri? EndSession { get; init; }

    /// <summary>How a client may prove itself at the token endpoint.</summary>
    public required IReadOnlyList<string> TokenAuth { get; init; }

    /// <summary>Each answer names the issuer (RFC 9207): one that does not is another's.</summary>
    public required bool NamesItself { get; init; }

    public required JsonWebKeys Keys { get; init; }

    public static Uri DiscoveryOf(string issuer) => new($"{issuer.TrimEnd('/')}/.well-known/openid-configuration");

    /// <exception cref="OidcException">The document is not this issuer's, or names what cannot be used.</exception>
    public static OidcProvider Parse(JsonElement json, string issuer)
    {
        if (json.Text("issuer") != issuer)
        {
            throw OidcException.Failed(
                "discovery-issuer", $"The provider calls itself '{Printable.Of(json.Text("issuer") ?? "", 200)}', the setting is '{issuer}'. They must be equal to the letter.");
        }

        return new()
        {
            Issuer = issuer,
            Authorization = Required(json, issuer, "authorization_endpoint"),
            Token = Required(json, issuer, "token_endpoint"),
            KeySet = Required(json, issuer, "jwks_uri"),
            UserInfo = Optional(json, issuer, "userinfo_endpoint"),
            EndSession = Optional(json, issuer, "end_session_endpoint"),
            TokenAuth = json.Texts("token_endpoint_auth_methods_supported").ToList() is { Count: > 0 } ways ? ways : ["client_secret_basic"],
            NamesItself = json.TryGetProperty("authorization_response_iss_parameter_supported", out var names) && names.ValueKind == JsonValueKind.True,
            Keys = new([]),
        };
    }

    private static Uri Required(JsonElement json, string issuer, string name) => Optional(json, issuer, name)
        ?? throw OidcException.Failed(
            "discovery-endpoint",
            string.IsNullOrEmpty(json.Text(name)) ? $"The provider names no {name}." : $"The provider's {name} is not an https address.");

    /// <summary>A part that nobody must have, and that is null, empty or not to be used, is one that is not there.</summary>
    private static Uri? Optional(JsonElement json, string issuer, string name) =>
        ProviderUrl.TryParseNamedBy(new(issuer), json.Text(name), out var url) ? url : null;
}
