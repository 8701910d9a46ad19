using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Admin;
using WgHub.Features.Auth.Local;
using WgHub.Features.Auth.Oidc;
using WgHub.Features.Auth.Passkeys;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Auth;

/// <summary>Who there is, and how they prove it: this floor's pages are where the ways in meet.</summary>
internal static class AuthRoom
{
    public static Room Room => new()
    {
        AddForCommands = AddForCommands,
        Add = Add,
        Map = routes => routes.MapOidc(),
        Use = app =>
        {
            app.UseApiAntiforgery();
            app.UseApiConfirmation();
        },
        Navigation = [new("Users", "/users", Roles.Admin, 60) { Chapter = "sign-in" }, new("API tokens", "/api-tokens", Roles.Admin, 70) { Chapter = "api" }],
        SettingsPages = [new("Sign-in", "/settings/sign-in", Roles.Admin, 20) { Chapter = "sign-in" }],
        Limits = [SignInLimits.Tries, SignInLimits.ProviderStarts],
    };

    /// <summary>What the commands need: accounts, API tokens, set-up codes.</summary>
    private static void AddForCommands(IServiceCollection services)
    {
        services.AddSingleton<UserStore>();
        services.AddSingleton<UserList>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<SignInSettingsStore>();
        services.AddSingleton<ApiTokenStore>();
        services.AddSingleton<MadeBy, ApiTokensMadeBy>();
        services.AddSingleton<AllMadeBy>();
        services.AddSingleton<ApiTokenService>();
        services.AddSingleton<UserAdministration>();
        services.AddSingleton<AccountService>();
        services.AddSingleton<SetupCodes>();
        services.AddSingleton<Passwords>();
    }

    /// <summary>What the server needs besides: who calls, and antiforgery.</summary>
    private static void Add(IServiceCollection services)
    {
        services.AddSingleton(new SubjectSource(SubjectKind.User, Roles.Admin, UserStore.NameOf, id => $"/users/{id}"));
        services.AddSingleton(new SubjectSource(SubjectKind.ApiToken, Roles.Admin, ApiTokenStore.NameOf, _ => "/api-tokens"));
        services.AddSingleton(SubjectSource.One(SubjectKind.SignInSettings, Roles.Admin, "/settings/sign-in"));
        services.AddLoop<ApiTokenUse>();
        services.AddLoop<SignInFailures>();
        services.AddInPerson();
        services.AddOidc();
        services.AddLocalSignIn();
        services.AddSingleton<SignInSettingsService>();
        services.AddPasskeys();
        services.AddAuthentication(CallerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthentication>(CallerAuthentication.SchemeName, null);
        services.AddLogging(logging => logging
            .AddFilter(typeof(CallerAuthentication).FullName, LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)); // it cannot know that SealedKeyRing encrypts
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
        services.AddSingleton<KnownBrowsers>();
        services.AddSingleton<TotpStore>();
        services.AddSingleton<TotpService>();
        services.AddSingleton<SecondFactor>();
        services.AddSingleton<OwnPassword>();
        services.AddSingleton<OwnSessions>();
        services.AddSingleton<FreshProof>();
    }
}
