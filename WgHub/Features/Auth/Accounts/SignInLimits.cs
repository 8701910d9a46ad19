using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

internal static class SignInLimits
{
    /// <summary>Of a password, a code or a passkey.</summary>
    public static readonly Limit Tries = new("SignInsPerMinutePerIp", 10, TimeSpan.FromMinutes(1));

    /// <summary>Somebody begins a sign-in by the identity provider.</summary>
    public static readonly Limit ProviderStarts = new("ProviderSignInsPerTenMinutesPerIp", 30, TimeSpan.FromMinutes(10));
}
