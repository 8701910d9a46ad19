using WgHub.Features.Audit;
using WgHub.Features.Networks;
using WgHub.Features.Routes;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Hub;

/// <summary>The hub itself: its settings, and the interface kept as the database wants it.</summary>
internal static class HubRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = Map,
        CheckStart = services => services.GetRequiredService<HubInterface>().CheckSetting(),
        Navigation = [new("Settings", "/settings", Roles.Viewer, 80) { Chapter = "settings" }],
        SettingsPages = [new("Hub", "/settings", Roles.Viewer, 10) { Chapter = "settings" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton(SubjectSource.One(SubjectKind.Hub, Roles.Viewer, "/settings"));
        services.AddSingleton<HubStore>();
        services.AddSingleton(provider => new OwnHubRoutes(() => provider.GetRequiredService<HubStore>().Current?.Routes));
        services.AddSingleton<HubRotationStore>();
        services.AddSingleton<HubService>();
        services.AddSingleton<HubOverlaps>();
        services.AddSingleton<HubTrial>();
        services.AddSingleton<HubSetUp>();
        services.AddSingleton<HubFollowing>();
        services.AddSingleton<HubMachine>();
        services.AddSingleton<HubInterface>();
        services.AddSingleton<HubState>();
        services.AddSingleton<DesiredState>();
        services.AddSingleton<LocalHub>();
        services.AddSingleton<DriftRepair>();
        services.AddHostedService<PeerChangeLoop>();
        services.AddHostedService<ReportLoop>();
        services.AddLoop<Reconciler>();
        services.AddLoop<FirewallWatch>();
        services.AddSingleton(provider => new HostNames(() => provider.GetRequiredService<HubStore>().Current?.HostNames ?? []));
        services.AddSingleton(provider => new HubGround(tx => provider.GetRequiredService<HubStore>().Find(tx, tx.OwnHub)?.Ground));
        services.AddApiJson(HubJson.Default);
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapHub();
        routes.MapHealth();
    }
}
