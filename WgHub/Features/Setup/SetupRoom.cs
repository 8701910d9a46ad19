using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Setup;

/// <summary>The first run, and the way back in.</summary>
internal static class SetupRoom
{
    public static readonly Limit Tries = new("SetupsPerMinutePerIp", 5, TimeSpan.FromMinutes(1));

    public static Room Room => new()
    {
        Add = Add,
        Limits = [Tries],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<SetupService>();
        services.AddSingleton<AdminReset>();
        services.AddHostedService<SetupInvitation>();
        services.AddNotKept<SetupInvitation>();
    }
}
