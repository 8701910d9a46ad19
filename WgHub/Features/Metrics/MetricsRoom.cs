using Microsoft.AspNetCore.Authorization;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Metrics;

/// <summary>What monitoring reads, and what happens by nothing happening.</summary>
internal static class MetricsRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes =>
        {
            routes.MapMetrics();
            routes.MapHealthReport();
        },
        ProgramPaths = ["/metrics"],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddLoop<Notices>();
        services.AddMetrics();
        services.AddApiJson(MetricsJson.Default);
        services.AddSingleton<RequestDurations>();
        services.AddHostedService(provider => provider.GetRequiredService<RequestDurations>());
        services.AddSingleton<HealthReport>();
        services.AddSingleton<HubMetrics>();
        services.AddSingleton<SpokeMetrics>();
        services.AddSingleton<ProcessMetrics>();
        services.AddSingleton<MetricsReport>();
        services.AddSingleton<IAuthorizationHandler, MetricsAccess>();
        services.AddAuthorizationBuilder().AddPolicy(MetricsAccess.Policy, policy => policy.AddRequirements(new MetricsAccess.Requirement()));
        services.AddRoomOptions<MetricsOptions, MetricsOptionsValidator>(MetricsOptions.Section, static (section, options) => section.Bind(options));
    }
}
