using WgHub.Features.Audit;
using WgHub.Features.Spokes;
using WgHub.Storage;

namespace WgHub.Features.Clusters;

/// <summary>A cluster of Proxmox VE nodes. It is there as long as one of them is a spoke.</summary>
/// <param name="Name">As Proxmox VE has it: two may have the same.</param>
/// <param name="Site">Of the token that made it; may be empty.</param>
/// <param name="Datacenter">May be empty.</param>
/// <param name="Description">May be empty.</param>
internal sealed record Cluster(string Id, HubId Hub, string Name, string Site, string Datacenter, string Description, DateTimeOffset CreatedAt)
{
    /// <summary>As the audit log has it.</summary>
    public Subject Subject => new(Id, Name);
}

/// <summary>A node of a cluster: a member as the cluster knows it, a spoke, or both.</summary>
/// <param name="Member">Null for a spoke that the others no longer know.</param>
/// <param name="Spoke">Null for a member that has none yet.</param>
internal sealed record ClusterNode(string Name, PveMember? Member, Spoke? Spoke);

/// <summary>A cluster with its nodes, by name.</summary>
internal sealed record ClusterTree(Cluster Cluster, IReadOnlyList<ClusterNode> Nodes)
{
    public int Missing => Nodes.Count(node => node.Spoke is null);

    public int ActiveAt(DateTimeOffset now) => Nodes.Count(node => node.Spoke?.StatusAt(now) == SpokeStatus.Active);

    /// <param name="members">As the node that registered last told them.</param>
    public static ClusterTree Of(Cluster cluster, IReadOnlyList<PveMember> members, IReadOnlyList<Spoke> spokes)
    {
        var byNode = spokes.ToLookup(spoke => spoke.Node?.Name ?? spoke.Name);
        var known = members.Select(member => member.Name).ToHashSet();
        IEnumerable<ClusterNode> nodes =
        [
            .. members.SelectMany(member => byNode[member.Name].DefaultIfEmpty(), (member, spoke) => new ClusterNode(member.Name, member, spoke)),
            .. byNode.Where(spokes => !known.Contains(spokes.Key)).SelectMany(spokes => spokes, (spokes, spoke) => new ClusterNode(spokes.Key, null, spoke)),
        ];
        return new(cluster, [.. nodes.OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)]);
    }
}
