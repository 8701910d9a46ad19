using WgHub.Storage;

namespace WgHub.Features.Spokes;

/// <summary>What a spoke that is a Proxmox VE node told of that. The room Clusters writes it; here it is read along with the spoke.</summary>
internal sealed record NodeFacts
{
    /// <summary>Null for a spoke that is no node.</summary>
    public static readonly SqlPart Columns =
        new("node_facts.spoke_id as node_id, node_facts.node, node_facts.version, node_facts.cluster_name, node_facts.cluster_id, node_facts.bridges");

    public static readonly SqlPart Join = new("left join node_facts on node_facts.spoke_id = spokes.id");

    /// <summary>Of the machine, to Proxmox VE.</summary>
    public string? Name { get; init; }

    public string? Version { get; init; }

    /// <summary>Null while it is in none.</summary>
    public string? ClusterName { get; init; }

    /// <inheritdoc cref="ClusterName"/>
    public string? ClusterId { get; init; }

    /// <summary>As it told them; see <see cref="NodeBridge.Parse"/>. Empty when it did not.</summary>
    public string BridgesText { get; init; } = "";

    public IReadOnlyList<NodeBridge> Bridges => NodeBridge.Parse(BridgesText);

    public static NodeFacts? Map(Row row) => row.TextOrNull("node_id") is null ? null : new()
    {
        Name = row.TextOrNull("node"),
        Version = row.TextOrNull("version"),
        ClusterName = row.TextOrNull("cluster_name"),
        ClusterId = row.TextOrNull("cluster_id"),
        BridgesText = row.TextOrNull("bridges") ?? "",
    };
}
