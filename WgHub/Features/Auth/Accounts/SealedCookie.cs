using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace WgHub.Features.Auth.Accounts;

/// <summary>A cookie with a text that the hub alone can make and read, for as long as the text itself says.</summary>
/// <param name="longest">Characters that it may have, sealed: what is longer is not looked at.</param>
internal sealed class SealedCookie(HostCookie cookie, TimeSpan life, int longest, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Set(HttpContext context, IDataProtector protector, string text) =>
        cookie.Set(context, protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{Now + (long)life.TotalMilliseconds} {text}")));

    /// <returns>Null without the cookie, and for one that is too old or not ours.</returns>
    public string? Read(HttpRequest request, IDataProtector protector) =>
        cookie.Read(request) is { Length: > 0 } value && value.Length < longest
            && Open(value, protector)?.Split(' ', 2) is [var until, var text] && long.Parse(until, CultureInfo.InvariantCulture) > Now
            ? text
            : null;

    private static string? Open(string value, IDataProtector protector)
    {
        try
        {
            return protector.Unprotect(value);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
