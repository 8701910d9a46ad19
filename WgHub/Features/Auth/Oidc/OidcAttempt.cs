using System.Text.Json.Serialization;

namespace WgHub.Features.Auth.Oidc;

/// <summary>A browser on its way to the provider and back.</summary>
/// <param name="State">Comes back in the address; it ties the answer to this browser.</param>
/// <param name="Nonce">Comes back in the id token; it ties the token to this request.</param>
/// <param name="Verifier">Proves at the token endpoint that the code is ours (RFC 7636).</param>
/// <param name="Fingerprint">Of the settings: when they change on the way, the answer is refused.</param>
/// <param name="SessionId">Whose session a test or a confirmation is for.</param>
internal sealed record OidcAttempt(
    string State, string Nonce, string Verifier, OidcPurpose Purpose, string ReturnUrl, string Fingerprint, string? SessionId, DateTimeOffset At)
{
    /// <summary>It holds secrets.</summary>
    public override string ToString() => nameof(OidcAttempt);
}

[JsonSerializable(typeof(OidcAttempt))]
internal sealed partial class OidcJson : JsonSerializerContext;
