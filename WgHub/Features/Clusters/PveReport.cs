namespace WgHub.Features.Clusters;

/// <summary>A node of a cluster, as one of the nodes knows it.</summary>
/// <param name="Number">corosync's; 0 when it was not told.</param>
/// <param name="Address">In the cluster's own network; null for one that is off.</param>
internal sealed record PveMember(string Name, long Number, string? Address, bool IsOnline);

/// <param name="Members">Empty when the name is all that was told.</param>
internal sealed record PveCluster(string Name, IReadOnlyList<PveMember> Members);

/// <summary>What a Proxmox VE node tells of itself.</summary>
/// <param name="Cluster">Null when it is in none, and when it could not tell.</param>
/// <param name="IsStandalone">True when it said that it is in none.</param>
internal sealed record PveReport(string? Node, string? Version, PveCluster? Cluster, bool IsStandalone)
{
    public const int LongestText = 32 * 1024;

    /// <summary>See <see cref="Spokes.NodeBridge"/>; null when it did not tell.</summary>
    public string? Bridges { get; init; }
}
