using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace WgHub.Features.Auth.Local;

/// <summary>Somebody whose password was right.</summary>
/// <param name="PasswordMark">Of that password; see <see cref="Accounts.LocalAccount.PasswordMark"/>.</param>
internal sealed record PendingProof(string UserId, string PasswordMark);

/// <summary>Between the password and the second factor: a cookie of five minutes that says whose password was right. It opens nothing else.</summary>
internal sealed class PendingSignIn(IDataProtectionProvider protection, TimeProvider time)
{
    private const int LongestValue = 1000;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly IDataProtector _protector = protection.CreateProtector("second factor");

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Set(HttpContext context, PendingProof proof)
    {
        var until = Now + (long)Life.TotalMilliseconds;
        context.Response.Cookies.Append(
            NameFor(context.Request), _protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{until} {proof.UserId} {proof.PasswordMark}")),
            OptionsFor(context.Request));
    }

    /// <returns>Null without the cookie, and for one that is too old or not ours.</returns>
    public PendingProof? Read(HttpRequest request)
    {
        if (request.Cookies[NameFor(request)] is not { Length: < LongestValue } value || Open(value)?.Split(' ') is not [var until, var userId, var mark])
        {
            return null;
        }

        return long.Parse(until, CultureInfo.InvariantCulture) > Now ? new(userId, mark) : null;
    }

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), OptionsFor(context.Request));

    private static CookieOptions OptionsFor(HttpRequest request) =>
        new() { HttpOnly = true, Secure = request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };

    private static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-wghub-second" : "wghub-second";

    private string? Open(string value)
    {
        try
        {
            return _protector.Unprotect(value);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
