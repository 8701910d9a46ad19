using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace WgHub.Features.Auth.Accounts;

/// <summary>
/// A cookie that outlives the session and says who signed in in this browser. It opens nothing: its owner's tries at the password are
/// counted apart from what strangers do to the same name, also to those in the same network.
/// </summary>
internal sealed class KnownBrowsers(IDataProtectionProvider protection, TimeProvider time)
{
    private const int LongestValue = 1000;

    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    private readonly IDataProtector _protector = protection.CreateProtector("known browser");

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Somebody has signed in.</summary>
    public void Remember(HttpContext context, string userId)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Now + (long)Life.TotalMilliseconds} {userId} {RandomNumberGenerator.GetHexString(32)}");
        context.Response.Cookies.Append(
            NameFor(context.Request), _protector.Protect(text),
            new() { HttpOnly = true, Secure = context.Request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true, MaxAge = Life });
    }

    /// <summary>Who visits, and whether they have been here before.</summary>
    public Visitor VisitorOf(HttpContext context) => Visitor.Of(context) with { Known = Read(context.Request) };

    private KnownBrowser? Read(HttpRequest request) =>
        request.Cookies[NameFor(request)] is { Length: < LongestValue } value && Open(value)?.Split(' ') is [var until, var userId, var id]
            && long.Parse(until, CultureInfo.InvariantCulture) > Now
            ? new(userId, id)
            : null;

    private static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-wghub-known" : "wghub-known";

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
