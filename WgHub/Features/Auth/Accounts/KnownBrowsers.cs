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
    private static readonly HostCookie Cookie = new("wghub-known", SameSiteMode.Strict, Life);

    private readonly IDataProtector _protector = protection.CreateProtector("known browser");
    private readonly SealedCookie _sealed = new(Cookie, Life, LongestValue, time);

    /// <summary>Somebody has signed in.</summary>
    public void Remember(HttpContext context, string userId) => _sealed.Set(context, _protector, $"{userId} {RandomNumberGenerator.GetHexString(32)}");

    /// <summary>Who visits, and whether they have been here before.</summary>
    public Visitor VisitorOf(HttpContext context) => Visitor.Of(context) with { Known = Read(context.Request) };

    private KnownBrowser? Read(HttpRequest request) =>
        _sealed.Read(request, _protector)?.Split(' ') is [var userId, var id] ? new(userId, id) : null;
}
