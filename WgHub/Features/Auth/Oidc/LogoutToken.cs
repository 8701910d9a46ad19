using System.Text.Json;

namespace WgHub.Features.Auth.Oidc;

/// <summary>What a provider tells us to end (OpenID Connect Back-Channel Logout 1.0).</summary>
/// <param name="Id">Its <c>jti</c>: it is taken once.</param>
/// <param name="SessionId">One session of the provider's; null for all of the subject's.</param>
internal sealed record LogoutToken(string Id, string? Subject, string? SessionId)
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private const int LongestId = 255;

    /// <exception cref="OidcException">The token is not to be believed.</exception>
    public static LogoutToken Validate(string token, JsonWebKeys keys, string issuer, string clientId, DateTimeOffset now)
    {
        var claims = Jws.Verify(token, keys, "JWT", "logout+jwt");
        TokenClaims.CheckParties(claims, issuer, clientId);
        TokenClaims.CheckTimes(claims, now, needsExpiry: false);

        // With a nonce, or without the event, it could be an id token that somebody sends here.
        if (claims.Has("nonce") || !claims.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Object
            || !events.TryGetProperty(Event, out var logout) || logout.ValueKind != JsonValueKind.Object)
        {
            throw OidcException.Failed("logout-event", "This is not a logout token.");
        }

        var (id, subject, session) = (ShortText(claims, "jti"), ShortText(claims, "sub"), ShortText(claims, "sid"));
        return id is not null && (subject ?? session) is not null
            ? new(id, subject, session)
            : throw OidcException.Failed("logout-subject", "The logout token does not say what to end.");
    }

    /// <returns>Null when it is missing; what is there and no short text is refused.</returns>
    private static string? ShortText(JsonElement claims, string name) =>
        !claims.Has(name) ? null
        : claims.Text(name) is { Length: > 0 and <= LongestId } text ? text
        : throw OidcException.Failed("logout-subject", "The logout token does not say properly what to end.");
}
