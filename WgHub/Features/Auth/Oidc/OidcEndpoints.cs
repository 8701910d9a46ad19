namespace WgHub.Features.Auth.Oidc;

/// <summary>The addresses that a provider knows, and those that lead to it.</summary>
internal static class OidcEndpoints
{
    public const string StartPath = "/signin/oidc";
    public const string CallbackPath = "/signin-oidc";
    public const string SignedOutPath = "/signout-callback-oidc";
    public const string BackchannelLogoutPath = "/backchannel-logout";

    public static void AddOidc(this IServiceCollection services)
    {
        services.AddSingleton<OidcTestOutcomes>();
        services.AddSingleton<OidcChallenge>();
    }
}
