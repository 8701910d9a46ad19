using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Keeps an attempt in the browser that makes it, encrypted: nothing is kept here for those who never come back.</summary>
internal sealed class OidcAttempts(IDataProtectionProvider protection, TimeProvider time)
{
    private const int LongestState = 100;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    // Lax: the provider sends the browser back from another site.
    private static readonly HostCookie Cookie = new("wghub-oidc", SameSiteMode.Lax, Life);

    private readonly IDataProtector _protector = protection.CreateProtector("WgHub.Oidc.Attempt");
    private readonly OnceOnly _answered = new(Life, time);

    public OidcAttempt Begin(HttpContext context, OidcPurpose purpose, string returnUrl, string fingerprint)
    {
        var attempt = new OidcAttempt(NewRandom(), NewRandom(), NewRandom(), purpose, returnUrl, fingerprint, context.User.SessionId(), time.GetUtcNow());
        Cookie.Set(context, _protector.Protect(JsonSerializer.Serialize(attempt, OidcJson.Default.OidcAttempt)));
        return attempt;
    }

    /// <summary>Takes the attempt that an answer of the provider belongs to; once.</summary>
    /// <returns>Null when this browser has made no such attempt, or too long ago, or the answer came already.</returns>
    public OidcAttempt? Take(HttpContext context)
    {
        if (context.Request.Query["state"] is not [{ Length: > 0 and < LongestState } state] || Read(context.Request) is not { } attempt
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(attempt.State)))
        {
            return null;
        }

        Cookie.Clear(context);
        return time.GetUtcNow() < attempt.At + Life && _answered.TryUse(attempt.State) ? attempt : null;
    }

    private OidcAttempt? Read(HttpRequest request)
    {
        try
        {
            return Cookie.Read(request) is { Length: > 0 } text
                ? JsonSerializer.Deserialize(_protector.Unprotect(text), OidcJson.Default.OidcAttempt)
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>256 bits, of the 43 characters that RFC 7636 wants of a verifier.</summary>
    private static string NewRandom() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
