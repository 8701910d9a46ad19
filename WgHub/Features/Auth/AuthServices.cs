using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Features.Auth.Local;
using WgHub.Features.Auth.Oidc;
using WgHub.Features.Auth.Passkeys;
using WgHub.Hosting;

namespace WgHub.Features.Auth;

internal static class AuthServices
{
    /// <summary>What the commands need: accounts, API tokens, set-up codes.</summary>
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<UserStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<SignInSettingsStore>();
        services.AddSingleton<ApiTokenStore>();
        services.AddSingleton<ApiTokenService>();
        services.AddSingleton<UserAdministration>();
        services.AddSingleton<AccountService>();
        services.AddSingleton<SetupCodes>();
        services.AddSingleton<Passwords>();
    }

    /// <summary>What the server needs besides: who calls, and antiforgery.</summary>
    public static void AddAuth(this IServiceCollection services)
    {
        services.AddAccounts();
        services.AddSingleton<UserList>();
        services.AddLoop<ApiTokenUse>();
        services.AddInPerson();
        services.AddOidc();
        services.AddLocalSignIn();
        services.AddSingleton<SignInSettingsService>();
        services.AddPasskeys();
        services.AddAuthentication(HubAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, HubAuthentication>(HubAuthentication.SchemeName, null);
        services.AddDataProtection().SetApplicationName("wghub");
        services.AddSingleton<SealedKeyRing>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = provider.GetRequiredService<SealedKeyRing>()));
        services.AddHttpContextAccessor();
        services.AddOptions<AntiforgeryOptions>().Configure<IHttpContextAccessor>((options, contexts) =>
        {
            options.HeaderName = "X-CSRF";
            options.Cookie = new AntiforgeryCookie(contexts);
        });
    }

    private static void AddLocalSignIn(this IServiceCollection services)
    {
        services.AddSingleton<SignInBackOff>();
        services.AddSingleton<PasswordTry>();
        services.AddSingleton<LocalSignIn>();
        services.AddSingleton<PendingSignIn>();
        services.AddSingleton<TotpStore>();
        services.AddSingleton<TotpService>();
        services.AddSingleton<SecondFactor>();
        services.AddSingleton<OwnPassword>();
        services.AddSingleton<OwnSessions>();
        services.AddSingleton<FreshProof>();
    }
}
