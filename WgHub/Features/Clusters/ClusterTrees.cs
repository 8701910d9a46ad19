using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.Clusters;

/// <summary>Clusters as they are now: the rows, with the newest handshakes.</summary>
internal sealed class ClusterTrees(ClusterStore clusters, LivePeers live)
{
    public Part<ClusterTree> List(string? search, Paging paging) => clusters.List(search?.Trim(), paging).Select(Refresh);

    /// <exception cref="AppException">NOT_FOUND.</exception>
    public ClusterTree Required(string id) => Refresh(clusters.FindTree(id) ?? throw ClusterErrors.NotFound());

    public (IReadOnlyList<Spoke> Spokes, long Total) StandaloneNodes(int limit)
    {
        var (nodes, total) = clusters.StandaloneNodes(limit);
        return ([.. nodes.Select(live.Refresh)], total);
    }

    private ClusterTree Refresh(ClusterTree tree) =>
        tree with { Nodes = [.. tree.Nodes.Select(node => node with { Spoke = node.Spoke is { } spoke ? live.Refresh(spoke) : null })] };
}
