using Microsoft.Data.Sqlite;
using WgHub.Features.Audit;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;

namespace WgHub.Features.Clusters;

/// <summary>Keeps what nodes tell of themselves: a cluster is made by the first of its nodes that comes, and each that comes or runs its line again brings it up to date.</summary>
internal sealed class ClusterMembership(ClusterStore clusters, SpokeStore spokes, ClusterTokenStore clusterTokens, AuditLog audit, TimeProvider time)
{
    /// <summary>Takes a report over, inside the registration's transaction. What a node did not tell stays as it was.</summary>
    /// <param name="spoke">As the database has it.</param>
    /// <param name="report">Null when the machine is no Proxmox VE node, or says nothing of it: nothing happens.</param>
    public void Take(SqliteConnection db, Spoke spoke, PveReport? report, Actor actor)
    {
        if (report is null)
        {
            return;
        }

        var clusterId = report switch
        {
            { Cluster: { } told } => JoinedId(db, spoke, report.Node ?? spoke.ProxmoxNode, told, actor),
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

        spokes.UpdateNode(db, after);
        if (Differences(spoke, after).ToArray() is { Length: > 0 } differences)
        {
            audit.Append(db, actor, "spoke.changed", spoke.Id, differences);
        }

        clusters.RemoveEmpty(db);
    }

    private string JoinedId(SqliteConnection db, Spoke spoke, string? node, PveCluster told, Actor actor)
    {
        var origin = clusterTokens.FindOrigin(db, spoke.Id);
        var site = origin?.Site ?? "";
        var known = ClusterIdentity.Find(clusters.Named(db, told.Name), site, node, told.Members.Select(member => member.Name), spoke.ClusterId);
        var id = known ?? Make(db, new(Guid.CreateVersion7(time.GetUtcNow()).ToString(), told.Name, site, origin?.Datacenter ?? "", "", time.GetUtcNow()), actor);
        var before = clusters.MembersOf(db, id);
        var members = WithItself(told.Members.Count > 0 ? told.Members : before, node);
        clusters.SetMembers(db, id, members, time.GetUtcNow());
        TellMembers(db, id, told.Name, before, members, actor);
        return id;
    }

    private string Make(SqliteConnection db, Cluster cluster, Actor actor)
    {
        clusters.Add(db, cluster);
        audit.Append(db, actor, "cluster.created", cluster.Id, ("name", cluster.Name), ("site", cluster.Site), ("datacenter", cluster.Datacenter));
        return cluster.Id;
    }

    /// <summary>A node that is told by name alone is a member all the same.</summary>
    private static IReadOnlyList<PveMember> WithItself(IReadOnlyList<PveMember> members, string? node) =>
        node is null || members.Any(member => member.Name == node) ? members : [.. members, new(node, 0, null, true)];

    private void TellMembers(SqliteConnection db, string id, string name, IReadOnlyList<PveMember> before, IReadOnlyList<PveMember> after, Actor actor)
    {
        var (added, gone) = (Names(after).Except(Names(before)).ToList(), Names(before).Except(Names(after)).ToList());
        if (added.Count + gone.Count > 0)
        {
            audit.Append(db, actor, "cluster.changed", id, ("name", name), ("nodesAdded", string.Join(", ", added)), ("nodesGone", string.Join(", ", gone)));
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
