using Microsoft.AspNetCore.Identity;
using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Passkeys;

internal static class PasskeyServices
{
    public static void AddPasskeys(this IServiceCollection services)
    {
        services.AddSingleton<PasskeyStore>();
        services.AddSingleton<PasskeySite>();
        services.AddSingleton<PasskeyChallenges>();
        services.AddIdentityCore<User>().AddUserStore<PasskeyUsers>();
        services.AddScoped<IPasskeyHandler<User>, PasskeyHandler<User>>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<PublicUrl, PasskeySite>(Configure);
        services.AddScoped<PasskeyCeremony>();
        services.AddScoped<PasskeySignIn>();
        services.AddScoped<OwnPasskeys>();
    }

    private static void Configure(IdentityPasskeyOptions options, PublicUrl publicUrl, PasskeySite site)
    {
        options.ServerDomain = publicUrl.Setting?.Host; // null: the host that the browser asked for
        options.ResidentKeyRequirement = "required"; // the sign-in page asks for no name
        options.UserVerificationRequirement = "required"; // else it would be one factor
        options.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && context.Origin == site.OriginFor(context.HttpContext.Request));
    }
}
