using WgHub.Storage;

namespace WgHub.Features.Tokens;

/// <summary>A token for all nodes of one Proxmox VE cluster: each gets an installation token of its own, split off when it registers.</summary>
/// <param name="Site">Tells clusters of one name apart; may be empty.</param>
/// <param name="Datacenter">Of the cluster to be; may be empty.</param>
/// <param name="Nodes">The nodes that have come, by name.</param>
internal sealed record ClusterToken(
    string Id,
    HubId Hub,
    string Site,
    string Datacenter,
    int MaximumNodes,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? RevokedAt,
    IReadOnlyList<string> Nodes)
{
    /// <summary>Used means that it takes no more nodes; those that have come may run its line again.</summary>
    public TokenState StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? TokenState.Revoked
        : Nodes.Count >= MaximumNodes ? TokenState.Used
        : ExpiresAt <= now ? TokenState.Expired
        : TokenState.Pending;
}
