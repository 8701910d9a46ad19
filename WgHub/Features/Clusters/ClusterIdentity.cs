namespace WgHub.Features.Clusters;

/// <summary>A cluster that the hub knows, as far as the rule needs it.</summary>
/// <param name="Site">Empty when the token that made it named none.</param>
internal sealed record KnownCluster(string Id, string Site, IReadOnlySet<string> Nodes);

/// <summary>
/// Which cluster a node means. A name alone does not say: every second one is called "homelab". The rule, among clusters of that name:
/// <list type="number">
/// <item>A token with a site means clusters of that very site; one without means any.</item>
/// <item>It is the one that shares most nodes with what the node told, itself among them; then the one it is in already; then the oldest.</item>
/// <item>The one it is in already stays its own when no name is shared any more: then its nodes were renamed.</item>
/// <item>A node that could tell the cluster's name alone is in the only cluster of that name, if there is one.</item>
/// <item>Otherwise it is a new one.</item>
/// </list>
/// A cluster that was renamed is told by another name: see <see cref="IsRenamed"/>.
/// So two sites whose clusters share name and node names stay two by the site of their tokens, and without it they are one.
/// </summary>
internal static class ClusterIdentity
{
    /// <summary>
    /// True when a node tells of its own cluster by a new name: it names most of the nodes that were there, and most that it names were. One that
    /// left for another cluster names few of them.
    /// </summary>
    /// <param name="current">The cluster that it is in, of another name.</param>
    /// <inheritdoc cref="Find"/>
    public static bool IsRenamed(KnownCluster current, string site, string? node, IEnumerable<string> members)
    {
        var told = members.ToHashSet();
        if (told.Count > 0 && node is not null)
        {
            told.Add(node);
        }

        var shared = current.Nodes.Count(told.Contains);
        return (site.Length == 0 || current.Site == site) && shared * 2 > current.Nodes.Count && shared * 2 > told.Count;
    }

    /// <param name="sameName">The clusters of the told name.</param>
    /// <param name="site">The token's; empty for none.</param>
    /// <param name="node">The node that tells; null when it has no name.</param>
    /// <param name="members">What it told of the cluster; may be empty.</param>
    /// <param name="current">The cluster that it is in; null for none.</param>
    /// <returns>The cluster's id; null for a new one.</returns>
    public static string? Find(IReadOnlyList<KnownCluster> sameName, string site, string? node, IEnumerable<string> members, string? current)
    {
        var told = members.ToHashSet();
        var isNameAlone = told.Count == 0;
        if (node is not null)
        {
            told.Add(node);
        }

        var fitting = sameName.Where(cluster => site.Length == 0 || cluster.Site == site).ToList();
        var best = fitting
            .Select(cluster => (cluster.Id, Shared: cluster.Nodes.Count(told.Contains)))
            .Where(cluster => cluster.Shared > 0 || cluster.Id == current)
            .OrderByDescending(cluster => cluster.Shared)
                .ThenByDescending(cluster => cluster.Id == current)
                .ThenBy(cluster => cluster.Id, StringComparer.Ordinal)
            .Select(cluster => cluster.Id).FirstOrDefault();
        return best ?? (isNameAlone && fitting is [var only] ? only.Id : null);
    }
}
