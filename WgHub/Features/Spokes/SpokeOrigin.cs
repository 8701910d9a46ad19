using WgHub.Storage;

namespace WgHub.Features.Spokes;

/// <summary>The token that a spoke came by, or got its present key by. An import and the hub's own commands need none.</summary>
/// <param name="By">Name of the actor who made it.</param>
/// <param name="IsOfCluster">One of many that a Proxmox VE cluster's token became.</param>
internal sealed record SpokeOrigin(string TokenId, string By, DateTimeOffset MadeAt, DateTimeOffset? UsedAt, bool IsOfCluster)
{
    /// <returns>Null for a spoke that came without one.</returns>
    public static SpokeOrigin? Find(Tx tx, string spokeId) => tx.First(
        $"""
        select installation_tokens.id, created_by, created_at, used_at, case when cluster_token_id is null then 0 else 1 end as of_cluster
        from spokes join installation_tokens on installation_tokens.id = spokes.token_id where spokes.id = {spokeId}
        """,
        row => new SpokeOrigin(row.Text("id"), row.Text("created_by"), row.Time("created_at"), row.TimeOrNull("used_at"), row.Flag("of_cluster")));
}
