using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Clusters;

/// <summary>Proxmox VE clusters, and which of their nodes are spokes.</summary>
internal static class ClustersRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapClusters(),
        Navigation = [new("Clusters", "/clusters", Roles.Viewer, 30) { Chapter = "proxmox" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton(new SubjectSource(SubjectKind.Cluster, Roles.Viewer, ClusterStore.NameOf, id => $"/clusters/{id}"));
        services.AddSingleton<ClusterStore>();
        services.AddSingleton<ClusterMembership>();
        services.AddSingleton<ClusterService>();
        services.AddSingleton<ClusterTrees>();
        services.AddApiJson(ClusterJson.Default);
    }
}
