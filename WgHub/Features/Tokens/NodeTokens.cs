using WgHub.Features.Leases;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>Splits a node's own token off from its cluster's.</summary>
internal sealed class NodeTokens(ClusterTokenStore store, LeaseStore leases)
{
    /// <summary>A node whose name is taken, and its site's name before it too, gets a number: pve-2 to pve-9.</summary>
    private const int LastNumber = 9;

    /// <summary>The node's own token, split off now if this is its first call. Runs inside the registration's transaction.</summary>
    /// <param name="node">As the machine told it; null when it is no Proxmox VE node.</param>
    /// <param name="cluster">The cluster's name as the machine told it; null for none.</param>
    /// <exception cref="AppException">NOT_A_CLUSTER_NODE, CLUSTER_TOKEN_FULL, TOKEN_REVOKED, TOKEN_EXPIRED, and those of a lease.</exception>
    public Token Take(Tx tx, OpenClusterToken parent, string? node, string? cluster)
    {
        if (node is null)
        {
            throw ClusterTokenErrors.NoNode();
        }

        parent.RefuseIfOver();
        return store.FindNode(tx, parent.Token, node) ?? SplitOff(tx, parent, node, cluster);
    }

    private Token SplitOff(Tx tx, OpenClusterToken open, string node, string? cluster)
    {
        open.RefuseOneMore();
        var (parent, now) = (open.Token, tx.Now);
        var name = NamesFor(node, parent.Site, cluster).FirstOrDefault(name => leases.IsFree(tx, name)) ?? throw LeaseErrors.NameInUse(node, "proxmoxNodeName");
        var lease = leases.Reserve(tx, parent.Hub, Guid.CreateVersion7(now).ToString(), name, new(null), parent.ExpiresAt);
        var made = new Token
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Hub = parent.Hub,
            SpokeId = lease.SpokeId,
            SpokeName = lease.Name,
            Address = lease.Address,
            CreatedBy = parent.CreatedBy,
            CreatedAt = now,
            ExpiresAt = parent.ExpiresAt,
            Routes = parent.Routes,
        };
        store.AddNode(tx, parent, made, node);
        return made;
    }

    /// <summary>What the node's spoke may be called, best first.</summary>
    private static IEnumerable<SpokeName> NamesFor(string node, string site, string? cluster)
    {
        var numbered = Enumerable.Range(2, LastNumber - 1).Select(number => $"{node}-{number}");
        IEnumerable<string> wishes = [node, $"{site}-{node}", $"{cluster}-{node}", .. numbered];
        return wishes.Select(wish => SpokeName.TryParse(wish, out var name) ? name : null).OfType<SpokeName>();
    }
}
