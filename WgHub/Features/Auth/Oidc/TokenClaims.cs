using System.Globalization;
using System.Text.Json;

namespace WgHub.Features.Auth.Oidc;

/// <summary>What holds for an id token and for a logout token: who made it, for whom, and when.</summary>
internal static class TokenClaims
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>We have just asked for it. One that is older was kept by somebody, or a clock is wrong.</summary>
    private static readonly TimeSpan OldestIssue = TimeSpan.FromMinutes(5);

    /// <summary>A difference below this is more likely a clock than an attack.</summary>
    private static readonly TimeSpan LargestClockError = TimeSpan.FromDays(1);

    public static void CheckParties(JsonElement claims, string issuer, string clientId)
    {
        if (claims.Text("iss") != issuer)
        {
            throw OidcException.Failed(
                "token-issuer",
                $"The token's issuer is '{Printable.Of(claims.Text("iss") ?? "", 200)}', the setting is '{issuer}'. They must be equal to the letter.");
        }

        var audiences = claims.Texts("aud").ToList();
        if (!audiences.Contains(clientId))
        {
            throw OidcException.Failed("token-audience", "The token is for another client.");
        }

        // OpenID Connect Core 3.1.3.7: of several audiences, the one that it was issued to is named.
        if ((audiences.Count > 1 || claims.Has("azp")) && claims.Text("azp") != clientId)
        {
            throw OidcException.Failed("token-party", "The token was issued to another client.");
        }
    }

    /// <param name="needsExpiry">A logout token of an older provider has none.</param>
    public static void CheckTimes(JsonElement claims, DateTimeOffset now, bool needsExpiry)
    {
        var issued = claims.Time("iat") ?? throw OidcException.Failed("token-issued", "The token does not say when it was issued.");
        if (issued > now + Skew || issued < now - OldestIssue - Skew)
        {
            throw WrongTime("token-issued", "was issued", issued - now);
        }

        var expires = claims.Time("exp");
        if (expires is null && (needsExpiry || claims.Has("exp")))
        {
            throw OidcException.Failed("token-expiry", "The token does not say when it ends.");
        }

        if (expires <= now - Skew)
        {
            throw WrongTime("token-expired", "ended", expires.Value - now);
        }

        var notBefore = claims.Time("nbf");
        if (notBefore is null && claims.Has("nbf"))
        {
            throw OidcException.Failed("token-not-before", "The token does not say properly from when on it is valid.");
        }

        if (notBefore > now + Skew)
        {
            throw WrongTime("token-not-before", "is valid from", notBefore.Value - now);
        }
    }

    private static OidcException WrongTime(string reason, string what, TimeSpan difference)
    {
        var seconds = Math.Abs(difference.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        var message =
            $"By the hub's clock the token {what} {seconds} s {(difference < TimeSpan.Zero ? "ago" : "in the future")}. Check the clocks of the hub and of the provider.";
        return new(difference.Duration() < LargestClockError ? OidcFailure.Clock : OidcFailure.Failed, reason, message);
    }
}
