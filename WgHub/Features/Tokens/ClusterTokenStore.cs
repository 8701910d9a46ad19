using WgHub.Features.Auth.Accounts;
using WgHub.Features.Routes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Tokens;

/// <summary>
/// The table of cluster tokens, and the installation tokens that were split off from them. Methods that take a connection run inside the
/// caller's transaction.
/// </summary>
internal sealed class ClusterTokenStore(Database database, TokenStore tokens)
{
    private static readonly SqlPart Columns = new("id, hub_id, site, datacenter, maximum_nodes, created_by, created_at, expires_at, revoked_at, routes");

    /// <exception cref="AppException">FORBIDDEN when whoever has it made may not do so any more.</exception>
    public void Add(Tx tx, ClusterToken token, string hash)
    {
        UserStore.StillMay(tx, Roles.Operator);
        tx.Execute(
            $"""
            insert into cluster_tokens (id, hub_id, token_hash, site, datacenter, maximum_nodes, created_by, created_at, expires_at, user_id, routes)
            values ({token.Id}, {token.Hub}, {hash}, {token.Site}, {token.Datacenter}, {token.MaximumNodes}, {token.CreatedBy},
                {token.CreatedAt}, {token.ExpiresAt}, {tx.By.UserId}, {token.Routes?.Text})
            """);
    }

    /// <summary>Those that were made with the rights of an account and take more nodes.</summary>
    public IReadOnlyList<ClusterToken> Open(Tx tx, string userId) =>
        [.. Query(tx, $"user_id = {userId} and revoked_at is null and expires_at > {tx.Now} order by created_at, id")
            .Where(token => token.StateAt(tx.Now) == TokenState.Pending)];

    public static string? NameOf(Tx tx, string id) => tx.First($"select site from cluster_tokens where id = {id}", row => row.Text("site"));

    /// <returns>The token with this secret, or null.</returns>
    public ClusterToken? Find(Tx tx, TokenSecret secret) =>
        First(tx, $"token_hash = {secret.Hash}");

    public ClusterToken? FindById(Tx tx, string id) =>
        First(tx, $"id = {id}");

    /// <summary>A page of tokens, newest first.</summary>
    public Part<ClusterToken> List(Paging paging) => database.Read(tx => new Part<ClusterToken>(
        Query(tx, $"true order by created_at desc, id desc limit {paging.PageSize} offset {paging.Offset}"),
        tx.Count($"select count(*) from cluster_tokens"),
        paging));

    /// <summary>Those that open nothing any more since before a moment, and that no node's token is left of.</summary>
    public static SqlPart Outdated(DateTimeOffset before) => SqlPart.Of(
        $"""
        (revoked_at < {before} or expires_at < {before})
            and not exists (select 1 from installation_tokens where installation_tokens.cluster_token_id = cluster_tokens.id)
        """);

    public static int RemoveOutdated(Tx tx, DateTimeOffset before) => tx.Execute($"delete from cluster_tokens where {Outdated(before)}");

    public void Revoke(Tx tx, string id, DateTimeOffset now) =>
        tx.Execute($"update cluster_tokens set revoked_at = {now} where id = {id}");

    /// <summary>Adds the installation token of one node. Its own secret is known to nobody: the node shows the cluster's.</summary>
    public void AddNode(Tx tx, ClusterToken parent, Token token, string node)
    {
        tokens.Add(tx, token, TokenSecret.New().Hash);
        tx.Execute($"update installation_tokens set cluster_token_id = {parent.Id}, node = {node} where id = {token.Id}");
    }

    /// <returns>The installation token of that node, or null.</returns>
    public Token? FindNode(Tx tx, ClusterToken parent, string node) =>
        IdOf(tx, $"cluster_token_id = {parent.Id} and node = {node}") is { } id ? tokens.FindById(tx, id) : null;

    /// <returns>The installation token of the node that registered with this key, or null.</returns>
    public Token? FindUsed(Tx tx, ClusterToken parent, PublicKey key) =>
        IdOf(tx, $"cluster_token_id = {parent.Id} and used_key = {key.ToString()}") is { } id ? tokens.FindById(tx, id) : null;

    /// <returns>The cluster token that a spoke came by; null when it came by one of its own.</returns>
    public ClusterToken? FindOrigin(Tx tx, string spokeId) => First(
        tx, $"id = (select cluster_token_id from installation_tokens join spokes on spokes.token_id = installation_tokens.id where spokes.id = {spokeId})");

    private static ClusterToken? First(Tx tx, Sql where) => Query(tx, where) is [var token, ..] ? token : null;

    private static IReadOnlyList<ClusterToken> Query(Tx tx, Sql where) =>
        [.. tx.Query($"select {Columns} from cluster_tokens where {where.ToPart()}", Map).Select(token => token with { Nodes = NodesOf(tx, token.Id) })];

    private static List<string> NodesOf(Tx tx, string id) =>
        tx.Query($"select node from installation_tokens where cluster_token_id = {id} order by node", row => row.Text("node"));

    private static string? IdOf(Tx tx, Sql where) =>
        tx.First($"select id from installation_tokens where {where.ToPart()}", row => row.Text("id"));

    private static ClusterToken Map(Row row) => new()
    {
        Id = row.Text("id"),
        Hub = new(row.Text("hub_id")),
        Site = row.Text("site"),
        Datacenter = row.Text("datacenter"),
        MaximumNodes = row.Int("maximum_nodes"),
        CreatedBy = row.Text("created_by"),
        CreatedAt = row.Time("created_at"),
        ExpiresAt = row.Time("expires_at"),
        RevokedAt = row.TimeOrNull("revoked_at"),
        Routes = row.TextOrNull("routes") is { } routes ? SpokeRoutes.FromStored(routes) : null,
    };
}
