using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using WgHub.Features.Auth.Accounts;

namespace WgHub.Features.Auth.Passkeys;

/// <summary>
/// Between a challenge and its answer: the challenge lies in the browser, encrypted, for five minutes and one use. The key
/// lives no longer than the hub's process, and so does the memory of what was used: a restart makes all challenges void.
/// </summary>
internal sealed class PasskeyChallenges(TimeProvider time)
{
    private const int LongestValue = 4000;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly EphemeralDataProtectionProvider _protection = new();
    private readonly OnceOnly _answered = new(Life, time);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="purpose">What the answer is for: to nothing else is it an answer.</param>
    /// <param name="state">What the framework wants to see again.</param>
    public void Set(HttpContext context, string purpose, string state)
    {
        var until = Now + (long)Life.TotalMilliseconds;
        var value = _protection.CreateProtector(purpose).Protect(string.Create(CultureInfo.InvariantCulture, $"{until} {state}"));
        context.Response.Cookies.Append(NameFor(context.Request), value, OptionsFor(context.Request));
    }

    /// <summary>Takes the challenge out of the browser.</summary>
    /// <returns>Null when there is none, or it is too old or for something else.</returns>
    public string? Take(HttpContext context, string purpose)
    {
        var value = context.Request.Cookies[NameFor(context.Request)];
        context.Response.Cookies.Delete(NameFor(context.Request), OptionsFor(context.Request));
        return value
            is { Length: > 0 and < LongestValue }
            && Open(value, purpose)?.Split(' ', 2)
            is [var until, var state]
            && long.Parse(until, CultureInfo.InvariantCulture) > Now
            ? state
            : null;
    }

    /// <summary>To be asked when the answer was right, so that nobody fills the memory with wrong ones.</summary>
    /// <returns>False when this challenge was answered before.</returns>
    public bool TryUse(string state) => _answered.TryUse(state);

    private static CookieOptions OptionsFor(HttpRequest request) =>
        new() { HttpOnly = true, Secure = request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };

    private static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-wghub-passkey" : "wghub-passkey";

    private string? Open(string value, string purpose)
    {
        try
        {
            return _protection.CreateProtector(purpose).Unprotect(value);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
