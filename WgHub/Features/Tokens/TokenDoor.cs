using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Tokens;

/// <summary>The one door for whoever comes with a token's secret: a machine's own token, or its cluster's.</summary>
internal sealed class TokenDoor(Database database, TokenStore tokens, ClusterTokenStore clusterTokens, NodeTokens nodes)
{
    /// <returns>Null when there is no token with this secret.</returns>
    public OpenToken? Find(TokenSecret secret) => database.Read(tx => Find(tx, secret));

    /// <exception cref="AppException">TOKEN_NOT_FOUND.</exception>
    public OpenToken Open(string? secret) => TokenSecret.TryParse(secret, out var parsed) && Find(parsed) is { } open ? open : throw TokenErrors.NotFound();

    /// <summary>For a machine that registers. A node of a cluster gets its own token, split off now if this is its first call.</summary>
    /// <param name="node">As the machine told it; null when it is no Proxmox VE node.</param>
    /// <param name="cluster">The cluster's name as the machine told it; null for none.</param>
    /// <exception cref="AppException">
    /// TOKEN_NOT_FOUND, TOKEN_REVOKED, TOKEN_EXPIRED, NOT_A_CLUSTER_NODE, CLUSTER_TOKEN_FULL, and those of a lease.
    /// </exception>
    public OpenSpokeToken OpenForMachine(Tx tx, TokenSecret secret, string? node, string? cluster)
    {
        var open = Open(tx, secret) switch
        {
            OpenClusterToken parent => new(nodes.Take(tx, parent, node, cluster), tx.Now),
            var own => (OpenSpokeToken)own,
        };
        open.RefuseIfOver();
        return open;
    }

    /// <returns>The token that this key may have come by; null when nobody has.</returns>
    /// <exception cref="AppException">TOKEN_NOT_FOUND.</exception>
    public Token? FindUsed(Tx tx, TokenSecret secret, PublicKey key) => Open(tx, secret) switch
    {
        OpenClusterToken parent => clusterTokens.FindUsed(tx, parent.Token, key),
        OpenSpokeToken { Token: { UsedAt: not null } token } => token,
        _ => null,
    };

    private OpenToken Open(Tx tx, TokenSecret secret) => Find(tx, secret) ?? throw TokenErrors.NotFound();

    private OpenToken? Find(Tx tx, TokenSecret secret) =>
        tokens.Find(tx, secret) is { } token ? new OpenSpokeToken(token, tx.Now)
        : clusterTokens.Find(tx, secret) is { } parent ? new OpenClusterToken(parent, tx.Now)
        : null;
}
