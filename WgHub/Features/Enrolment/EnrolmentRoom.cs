using WgHub.Web;

namespace WgHub.Features.Enrolment;

/// <summary>What a machine calls, and a person opens, to become a spoke.</summary>
internal static class EnrolmentRoom
{
    public static readonly Limit Registrations = new("RegistrationsPerMinutePerIp", 30, TimeSpan.FromMinutes(1));

    public static readonly Limit Scripts = new("ScriptsPerMinutePerIp", 60, TimeSpan.FromMinutes(1));

    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapEnrolment(),
        Limits = [Registrations, Scripts],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<Registration>();
        services.AddSingleton<TokenUse>();
        services.AddSingleton<NewSpoke>();
        services.AddSingleton<SameSpoke>();
        services.AddSingleton<Reenrolment>();
        services.AddSingleton<ReenrolmentTokens>();
        services.AddSingleton<OwnToken>();
        services.AddSingleton<Unregistration>();
        services.AddSingleton<Whereabouts>();
        services.AddSingleton<RouteNews>();
        services.AddSingleton<ScriptDownload>();
        services.AddSingleton<SpokeAnswer>();
        services.AddApiJson(EnrolmentJson.Default);
    }
}
