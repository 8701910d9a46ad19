using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace WgHub.Features.Auth.Oidc;

/// <summary>A signed token (RFC 7515, the compact form). Encrypted ones are not taken.</summary>
internal static class Jws
{
    private const int LongestToken = 64 * 1024;

    /// <summary>Checks the signature, and only then reads what it is over. Keys that the token itself brings or points to are never looked at.</summary>
    /// <param name="types">What the header's <c>typ</c> may be; it may be missing.</param>
    /// <exception cref="OidcException">It is not what it should be.</exception>
    public static JsonElement Verify(string token, JsonWebKeys keys, params ReadOnlySpan<string> types)
    {
        var parts = token.Length <= LongestToken ? token.Split('.') : [];
        if (parts.Length != 3
            || StrictBase64Url.Decode(parts[0]) is not { } headerBytes
            || StrictBase64Url.Decode(parts[1]) is not { } payload
            || StrictBase64Url.Decode(parts[2]) is not { } signature)
        {
            throw OidcException.Failed("token-shape", "The token is not a signed one in the compact form.");
        }

        var header = StrictJson.ParseObject(headerBytes) ?? throw OidcException.Failed("token-header", "The token's header is not a JSON object.");
        var algorithm = header.Text("alg");
        if (algorithm is not ("RS256" or "PS256" or "ES256"))
        {
            throw OidcException.Failed(
                "token-algorithm", "The token is signed by an algorithm other than RS256, PS256 and ES256. Choose one of them at the provider.");
        }

        CheckHeader(header, types);
        var candidates = keys.For(algorithm, header.Text("kid"));
        if (candidates.Count == 0)
        {
            throw new OidcException(OidcFailure.Failed, "token-key", "None of the provider's keys is the one that the token names.") { MayBeNewKey = true };
        }

        var data = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        if (!candidates.Any(key => IsSignedBy(key, algorithm, data, signature)))
        {
            throw new OidcException(OidcFailure.Failed, "token-signature", "The token's signature is wrong.") { MayBeNewKey = true };
        }

        return StrictJson.ParseObject(payload) ?? throw OidcException.Failed("token-payload", "The token does not hold a JSON object.");
    }

    private static void CheckHeader(JsonElement header, ReadOnlySpan<string> types)
    {
        if (header.Has("crit") || header.Has("b64") || header.Has("zip") || (header.Has("kid") && header.Text("kid") is null))
        {
            throw OidcException.Failed("token-header", "The token's header asks for what is not supported.");
        }

        var type = header.Text("typ") ?? "";
        if (!header.Has("typ"))
        {
            return;
        }

        foreach (var allowed in types)
        {
            if (type.Equals(allowed, StringComparison.OrdinalIgnoreCase))
            {
                return;
            }
        }

        throw OidcException.Failed("token-type", "The token is of another type.");
    }

    private static bool IsSignedBy(JsonWebKey key, string algorithm, byte[] data, byte[] signature)
    {
        try
        {
            return key.Verify(algorithm, data, signature);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
