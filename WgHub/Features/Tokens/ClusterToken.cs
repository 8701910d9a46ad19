using WgHub.Storage;

namespace WgHub.Features.Tokens;

/// <summary>A token for all nodes of one Proxmox VE cluster: each gets an installation token of its own, split off when it registers.</summary>
internal sealed record ClusterToken
{
    public required string Id { get; init; }

    /// <summary>The hub that the nodes will be of.</summary>
    public required HubId Hub { get; init; }

    /// <summary>Tells clusters of one name apart; may be empty.</summary>
    public required string Site { get; init; }

    /// <summary>Of the cluster to be; may be empty.</summary>
    public required string Datacenter { get; init; }

    public required int MaximumNodes { get; init; }

    /// <summary>Name of the actor.</summary>
    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The nodes that have come, by name.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Used means that it takes no more nodes; those that have come may run its line again.</summary>
    public TokenState StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? TokenState.Revoked
        : Nodes.Count >= MaximumNodes ? TokenState.Used
        : ExpiresAt <= now ? TokenState.Expired
        : TokenState.Pending;
}
