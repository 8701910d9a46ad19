using Microsoft.AspNetCore.DataProtection;
using WgHub.Features.Auth.Accounts;

namespace WgHub.Features.Auth.Local;

/// <summary>Somebody whose password was right.</summary>
/// <param name="PasswordMark">Of that password; see <see cref="LocalAccount.PasswordMark"/>.</param>
internal sealed record PendingProof(string UserId, string PasswordMark);

/// <summary>Between the password and the second factor: a cookie of five minutes that says whose password was right. It opens nothing else.</summary>
internal sealed class PendingSignIn(IDataProtectionProvider protection, TimeProvider time)
{
    private const int LongestValue = 1000;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private static readonly HostCookie Cookie = new("wghub-second", SameSiteMode.Strict);

    private readonly IDataProtector _protector = protection.CreateProtector("second factor");
    private readonly SealedCookie _sealed = new(Cookie, Life, LongestValue, time);

    public void Set(HttpContext context, PendingProof proof) => _sealed.Set(context, _protector, $"{proof.UserId} {proof.PasswordMark}");

    /// <inheritdoc cref="SealedCookie.Read"/>
    public PendingProof? Read(HttpRequest request) =>
        _sealed.Read(request, _protector)?.Split(' ') is [var userId, var mark] ? new(userId, mark) : null;

    public static void Clear(HttpContext context) => Cookie.Clear(context);
}
