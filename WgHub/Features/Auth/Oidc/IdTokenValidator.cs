using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WgHub.Hosting;

namespace WgHub.Features.Auth.Oidc;

/// <summary>What an id token must fit.</summary>
/// <param name="AccessToken">It came with this one; null when there was none.</param>
internal sealed record IdTokenRules(string Issuer, string ClientId, string Nonce, Secret? AccessToken, DateTimeOffset Now);

/// <summary>Says who signed in (OpenID Connect Core 3.1.3.7). Stricter than the standard where a provider has no reason to be lax.</summary>
internal static class IdTokenValidator
{
    private const int LongestSubject = 255;

    /// <returns>The claims.</returns>
    /// <exception cref="OidcException">The token is not to be believed.</exception>
    public static JsonElement Validate(string token, JsonWebKeys keys, IdTokenRules rules)
    {
        var claims = Jws.Verify(token, keys, "JWT");
        TokenClaims.CheckParties(claims, rules.Issuer, rules.ClientId);
        TokenClaims.CheckTimes(claims, rules.Now, needsExpiry: true);
        if (!AreEqual(claims.Text("nonce"), rules.Nonce))
        {
            throw OidcException.Failed("token-nonce", "The token answers another request.");
        }

        if (claims.Text("sub") is not { Length: > 0 and <= LongestSubject })
        {
            throw OidcException.Failed("token-subject", "The token does not say whom it is about.");
        }

        if (claims.Has("at_hash") && !AreEqual(claims.Text("at_hash"), HalfHash(rules.AccessToken?.Reveal() ?? "")))
        {
            throw OidcException.Failed("token-access-hash", "The access token is not the one that the id token speaks of.");
        }

        return claims;
    }

    /// <summary>The left half of SHA-256, which belongs to each algorithm that we take.</summary>
    private static string HalfHash(string accessToken) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16));

    private static bool AreEqual(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
