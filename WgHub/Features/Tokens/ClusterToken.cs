using WgHub.Features.Audit;
using WgHub.Features.Routes;

namespace WgHub.Features.Tokens;

/// <summary>A token for all nodes of one Proxmox VE cluster: each gets an installation token of its own, split off when it registers.</summary>
internal sealed record ClusterToken : AnyToken
{
    /// <summary>Tells clusters of one name apart; may be empty.</summary>
    public required string Site { get; init; }

    /// <summary>Of the cluster to be; may be empty.</summary>
    public required string Datacenter { get; init; }

    public required int MaximumNodes { get; init; }

    /// <summary>Of the spokes to be; null for the network.</summary>
    public SpokeRoutes? Routes { get; init; }

    /// <summary>The nodes that have come, by name.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>As the audit log has it.</summary>
    public Subject Subject => new(Id, Site);

    /// <summary>It takes no more nodes; those that have come may run its line again.</summary>
    protected override bool IsUsed => Nodes.Count >= MaximumNodes;
}
