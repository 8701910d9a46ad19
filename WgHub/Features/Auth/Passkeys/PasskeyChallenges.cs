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
    private static readonly HostCookie Cookie = new("wghub-passkey", SameSiteMode.Strict);

    private readonly EphemeralDataProtectionProvider _protection = new();
    private readonly SealedCookie _sealed = new(Cookie, Life, LongestValue, time);
    private readonly OnceOnly _answered = new(Life, time);

    /// <param name="purpose">What the answer is for: to nothing else is it an answer.</param>
    /// <param name="state">What the framework wants to see again.</param>
    public void Set(HttpContext context, string purpose, string state) => _sealed.Set(context, _protection.CreateProtector(purpose), state);

    /// <summary>Takes the challenge out of the browser.</summary>
    /// <returns>Null when there is none, or it is too old or for something else.</returns>
    public string? Take(HttpContext context, string purpose)
    {
        Cookie.Clear(context);
        return _sealed.Read(context.Request, _protection.CreateProtector(purpose));
    }

    /// <summary>To be asked when the answer was right, so that nobody fills the memory with wrong ones.</summary>
    /// <returns>False when this challenge was answered before.</returns>
    public bool TryUse(string state) => _answered.TryUse(state);
}
