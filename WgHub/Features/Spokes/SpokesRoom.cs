using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>The machines that are connected, and their peers.</summary>
internal static class SpokesRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapSpokes(),
        Navigation = [new("Spokes", "/spokes", Roles.Viewer, 20) { Chapter = "troubleshooting" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton(new SubjectSource(SubjectKind.Spoke, Roles.Viewer, SpokeStore.NameOf, id => $"/spokes/{id}"));
        services.AddSingleton<SpokeStore>();
        services.AddSingleton<PeerStore>();
        services.AddSingleton<PeerChanges>();
        services.AddSingleton<SpokeReachStore>();
        services.AddSingleton<RotationStore>();
        services.AddSingleton<TrafficStore>();
        services.AddSingleton<LivePeers>();
        services.AddSingleton<EndpointMoves>();
        services.AddSingleton<SpokeService>();
        services.AddSingleton<BulkService>();
        services.AddSingleton<ExpiryStore>();
        services.AddLoop<ExpiryNotices>();
        services.AddApiJson(SpokeJson.Default);
    }
}
