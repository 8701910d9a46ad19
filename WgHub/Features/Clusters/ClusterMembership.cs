using WgHub.Features.Audit;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;

namespace WgHub.Features.Clusters;

/// <summary>Keeps what nodes tell of themselves: a cluster is made by the first of its nodes that comes, and each that comes or runs its line again brings it up to date.</summary>
internal sealed class ClusterMembership(ClusterStore clusters, SpokeStore spokes, ClusterTokenStore clusterTokens)
{
    /// <summary>Takes a report over, inside the registration's transaction. What a node did not tell stays as it was.</summary>
    /// <param name="spoke">As the database has it.</param>
    /// <param name="report">Null when the machine is no Proxmox VE node, or says nothing of it: nothing happens.</param>
    public void Take(Tx tx, Spoke spoke, PveReport? report)
    {
        if (report is null)
        {
            return;
        }

        var clusterId = report switch
        {
            { Cluster: { } told } => JoinedId(tx, spoke, report.Node ?? spoke.ProxmoxNode, told),
            { IsStandalone: true } => null,
            _ => spoke.ClusterId,
        };
        var after = spoke with
        {
            IsProxmox = true,
            ProxmoxNode = report.Node ?? spoke.ProxmoxNode,
            ProxmoxVersion = report.Version ?? spoke.ProxmoxVersion,
            ProxmoxCluster = report.Cluster?.Name ?? (report.IsStandalone ? null : spoke.ProxmoxCluster),
            ClusterId = clusterId,
        };
        if (after == spoke)
        {
            return;
        }

        spokes.UpdateNode(tx, after);
        if (Differences(spoke, after).ToArray() is { Length: > 0 } differences)
        {
            tx.Audit(AuditEvents.SpokeChanged, spoke.Id, differences);
        }

        clusters.RemoveEmpty(tx);
    }

    private string JoinedId(Tx tx, Spoke spoke, string? node, PveCluster told)
    {
        var origin = clusterTokens.FindOrigin(tx, spoke.Id);
        var site = origin?.Site ?? "";
        var known = ClusterIdentity.Find(clusters.Named(tx, spoke.Hub, told.Name), site, node, told.Members.Select(member => member.Name), spoke.ClusterId);
        var id = known ?? Make(tx, new(Guid.CreateVersion7(tx.Now).ToString(), spoke.Hub, told.Name, site, origin?.Datacenter ?? "", "", tx.Now));
        var before = clusters.MembersOf(tx, id);
        var members = WithItself(told.Members.Count > 0 ? told.Members : before, node);
        clusters.SetMembers(tx, id, members, tx.Now);
        TellMembers(tx, id, told.Name, before, members);
        return id;
    }

    private string Make(Tx tx, Cluster cluster)
    {
        clusters.Add(tx, cluster);
        tx.Audit(AuditEvents.ClusterCreated, cluster.Id, ("name", cluster.Name), ("site", cluster.Site), ("datacenter", cluster.Datacenter));
        return cluster.Id;
    }

    /// <summary>A node that is told by name alone is a member all the same.</summary>
    private static IReadOnlyList<PveMember> WithItself(IReadOnlyList<PveMember> members, string? node) =>
        node is null || members.Any(member => member.Name == node) ? members : [.. members, new(node, 0, null, true)];

    private static void TellMembers(Tx tx, string id, string name, IReadOnlyList<PveMember> before, IReadOnlyList<PveMember> after)
    {
        var (added, gone) = (Names(after).Except(Names(before)).ToList(), Names(before).Except(Names(after)).ToList());
        if (added.Count + gone.Count > 0)
        {
            tx.Audit(AuditEvents.ClusterChanged, id, ("name", name), ("nodesAdded", string.Join(", ", added)), ("nodesGone", string.Join(", ", gone)));
        }
    }

    private static IEnumerable<string> Names(IEnumerable<PveMember> members) => members.Select(member => member.Name);

    private static IEnumerable<(string Name, string? Value)> Differences(Spoke before, Spoke after)
    {
        if (before.ProxmoxVersion != after.ProxmoxVersion)
        {
            yield return ("proxmoxVersion", $"{before.ProxmoxVersion} → {after.ProxmoxVersion}");
        }

        if (before.ProxmoxNode != after.ProxmoxNode)
        {
            yield return ("proxmoxNode", $"{before.ProxmoxNode} → {after.ProxmoxNode}");
        }

        if (before.ProxmoxCluster != after.ProxmoxCluster)
        {
            yield return ("proxmoxCluster", $"{before.ProxmoxCluster} → {after.ProxmoxCluster}");
        }

        if (before.ClusterId != after.ClusterId && before.ClusterId is not null)
        {
            yield return ("clusterId", after.ClusterId);
        }
    }
}
