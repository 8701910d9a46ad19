using WgHub.Features.Audit;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;

namespace WgHub.Features.Clusters;

/// <summary>
/// Keeps what nodes tell of themselves: a cluster is made by the first of its nodes that comes, and each that comes or runs its line again
/// brings it up to date.
/// </summary>
internal sealed class ClusterMembership(ClusterStore clusters, ClusterTokenStore clusterTokens)
{
    /// <summary>Takes the report of a spoke that was made just now over, inside the registration's transaction: the audit log has its registration.</summary>
    /// <param name="report">Null when the machine is no Proxmox VE node: nothing happens.</param>
    public void TakeFirst(Tx tx, Spoke spoke, PveReport? report) => Take(tx, spoke, report, isFirst: true);

    /// <summary>Takes a report over, inside the registration's transaction. What a node did not tell stays as it was.</summary>
    /// <param name="spoke">As the database has it.</param>
    /// <inheritdoc cref="TakeFirst" path="/param[@name='report']"/>
    public void Take(Tx tx, Spoke spoke, PveReport? report) => Take(tx, spoke, report, isFirst: false);

    private void Take(Tx tx, Spoke spoke, PveReport? report, bool isFirst)
    {
        if (report is null)
        {
            return;
        }

        var before = spoke.Node ?? new();
        var after = before with
        {
            Name = report.Node ?? before.Name,
            Version = report.Version ?? before.Version,
            BridgesText = report.Bridges ?? before.BridgesText,
            ClusterName = report.Cluster?.Name ?? (report.IsStandalone ? null : before.ClusterName),
            ClusterId = report switch
            {
                { Cluster: { } told } => JoinedId(tx, spoke, report.Node ?? before.Name, told),
                { IsStandalone: true } => null,
                _ => before.ClusterId,
            },
        };
        if (after == spoke.Node)
        {
            return;
        }

        clusters.SetNode(tx, spoke.Id, after);
        if (!isFirst && Differences(before, after).ToArray() is { Length: > 0 } differences)
        {
            tx.Audit(AuditEvents.SpokeChanged, spoke.Subject, differences);
        }

        clusters.RemoveEmpty(tx);
    }

    private string JoinedId(Tx tx, Spoke spoke, string? node, PveCluster told)
    {
        var origin = clusterTokens.FindOrigin(tx, spoke.Id);
        var site = origin?.Site ?? "";
        var names = told.Members.Select(member => member.Name).ToList();
        var known = ClusterIdentity.Find(clusters.Named(tx, spoke.Hub, told.Name), site, node, names, spoke.Node?.ClusterId)
            ?? RenamedId(tx, spoke, site, node, told.Name, names);
        var id = known ?? Make(tx, new(Guid.CreateVersion7(tx.Now).ToString(), spoke.Hub, told.Name, site, origin?.Datacenter ?? "", "", tx.Now));
        var before = clusters.MembersOf(tx, id);
        var members = WithItself(told.Members.Count > 0 ? told.Members : before, node);
        clusters.SetMembers(tx, id, members, tx.Now);
        TellMembers(tx, id, told.Name, before, members);
        return id;
    }

    /// <returns>Null when it is not the spoke's own cluster by another name.</returns>
    private string? RenamedId(Tx tx, Spoke spoke, string site, string? node, string name, IReadOnlyList<string> members)
    {
        if (spoke.Node?.ClusterId is not { } id || clusters.Find(tx, id) is not { } cluster
            || !ClusterIdentity.IsRenamed(clusters.Known(tx, cluster), site, node, members))
        {
            return null;
        }

        clusters.Rename(tx, id, name);
        tx.Audit(AuditEvents.ClusterChanged, cluster.Subject, ("name", $"{cluster.Name} → {name}"));
        return id;
    }

    private string Make(Tx tx, Cluster cluster)
    {
        clusters.Add(tx, cluster);
        tx.Audit(AuditEvents.ClusterCreated, cluster.Subject, ("site", cluster.Site), ("datacenter", cluster.Datacenter));
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
            tx.Audit(AuditEvents.ClusterChanged, new(id, name), ("nodesAdded", string.Join(", ", added)), ("nodesGone", string.Join(", ", gone)));
        }
    }

    private static IEnumerable<string> Names(IEnumerable<PveMember> members) => members.Select(member => member.Name);

    private static IEnumerable<(string Name, string? Value)> Differences(NodeFacts before, NodeFacts after)
    {
        if (before.Version != after.Version)
        {
            yield return ("proxmoxVersion", $"{before.Version} → {after.Version}");
        }

        if (before.BridgesText != after.BridgesText)
        {
            yield return ("bridges", $"{before.BridgesText} → {after.BridgesText}");
        }

        if (before.Name != after.Name)
        {
            yield return ("proxmoxNode", $"{before.Name} → {after.Name}");
        }

        if (before.ClusterName != after.ClusterName)
        {
            yield return ("proxmoxCluster", $"{before.ClusterName} → {after.ClusterName}");
        }

        if (before.ClusterId != after.ClusterId && before.ClusterId is not null)
        {
            yield return ("clusterId", after.ClusterId);
        }
    }
}
