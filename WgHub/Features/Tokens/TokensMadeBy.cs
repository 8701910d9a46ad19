using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>
/// What still lets a machine in ends when its maker may make none: whoever holds the line needs no account. A token that was used stays, with
/// its spoke.
/// </summary>
internal sealed class TokensMadeBy(TokenStore tokens, ClusterTokenStore clusterTokens) : MadeBy
{
    public override IReadOnlyList<Made> Open(Tx tx, string userId) =>
        [.. tokens.Open(tx, userId).Select(ToMade), .. clusterTokens.Open(tx, userId).Select(ToMade)];

    public override IReadOnlyList<Made> Revoke(Tx tx, User maker, string? role)
    {
        if (Roles.Rank(role) >= Roles.Rank(Roles.Operator))
        {
            return [];
        }

        var ended = (Tokens: tokens.Open(tx, maker.Id), Clusters: clusterTokens.Open(tx, maker.Id));
        foreach (var token in ended.Tokens)
        {
            tokens.Revoke(tx, token, tx.Now);
        }

        foreach (var token in ended.Clusters)
        {
            clusterTokens.Revoke(tx, token.Id, tx.Now);
        }

        tx.AuditEach(AuditEvents.TokenRevoked, ended.Tokens, token => token.Subject, _ => [("madeBy", maker.ActorName)]);
        tx.AuditEach(
            AuditEvents.ClusterTokenRevoked, ended.Clusters, token => token.Subject,
            token => [("nodes", string.Join(", ", token.Nodes)), ("madeBy", maker.ActorName)]);
        return [.. ended.Tokens.Select(ToMade), .. ended.Clusters.Select(ToMade)];
    }

    private static Made ToMade(Token token) =>
        new(token.Kind == TokenKind.Reenrol ? "new key for" : "token for", token.SpokeName, token.ExpiresAt);

    private static Made ToMade(ClusterToken token) => new("cluster token", token.Site, token.ExpiresAt);
}
