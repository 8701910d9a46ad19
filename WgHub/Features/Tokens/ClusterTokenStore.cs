using Microsoft.Data.Sqlite;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Tokens;

/// <summary>The table of cluster tokens, and the installation tokens that were split off from them. Methods that take a connection run inside the caller's transaction.</summary>
internal sealed class ClusterTokenStore(Database database, TokenStore tokens)
{
    private static readonly SqlPart Columns = new("id, site, datacenter, maximum_nodes, created_by, created_at, expires_at, revoked_at");

    public void Add(SqliteConnection db, ClusterToken token, string hash) =>
        db.Execute(
            $"""
            insert into cluster_tokens (id, hub_id, token_hash, site, datacenter, maximum_nodes, created_by, created_at, expires_at)
            values ({token.Id}, {database.HubId}, {hash}, {token.Site}, {token.Datacenter}, {token.MaximumNodes}, {token.CreatedBy},
                {token.CreatedAt.ToUnixTimeMilliseconds()}, {token.ExpiresAt.ToUnixTimeMilliseconds()})
            """);

    /// <returns>The token with this secret, or null.</returns>
    public ClusterToken? Find(SqliteConnection db, TokenSecret secret) =>
        First(db, $"token_hash = {secret.Hash}");

    public ClusterToken? Find(TokenSecret secret) => database.Read(db => Find(db, secret));

    public ClusterToken? FindById(SqliteConnection db, string id) =>
        First(db, $"id = {id} and hub_id = {database.HubId}");

    /// <summary>A page of tokens, newest first.</summary>
    public (IReadOnlyList<ClusterToken> Tokens, long Total) List(int limit, int offset) => database.Read(db => (
        Query(db, $"hub_id = {database.HubId} order by created_at desc, id desc limit {limit} offset {offset}"),
        db.Count($"select count(*) from cluster_tokens where hub_id = {database.HubId}")));

    public void Revoke(SqliteConnection db, string id, DateTimeOffset now) =>
        db.Execute($"update cluster_tokens set revoked_at = {now.ToUnixTimeMilliseconds()} where id = {id}");

    /// <summary>Adds the installation token of one node. Its own secret is known to nobody: the node shows the cluster's.</summary>
    public void AddNode(SqliteConnection db, ClusterToken parent, Token token, string node)
    {
        tokens.Add(db, token, TokenSecret.New().Hash);
        db.Execute($"update installation_tokens set cluster_token_id = {parent.Id}, node = {node} where id = {token.Id}");
    }

    /// <returns>The installation token of that node, or null.</returns>
    public Token? FindNode(SqliteConnection db, ClusterToken parent, string node) =>
        IdOf(db, $"cluster_token_id = {parent.Id} and node = {node}") is { } id ? tokens.FindById(db, id) : null;

    /// <returns>The installation token that this key was registered with, by the cluster token's secret; or null.</returns>
    public Token? FindUsed(SqliteConnection db, TokenSecret secret, PublicKey key) =>
        Find(db, secret) is { } parent && IdOf(db, $"cluster_token_id = {parent.Id} and used_key = {key.ToString()}") is { } id ? tokens.FindById(db, id) : null;

    /// <returns>The cluster token that a spoke came by; null when it came by one of its own.</returns>
    public ClusterToken? FindOrigin(SqliteConnection db, string spokeId) => First(
        db, $"id = (select cluster_token_id from installation_tokens join spokes on spokes.token_id = installation_tokens.id where spokes.id = {spokeId})");

    private static ClusterToken? First(SqliteConnection db, Sql where) => Query(db, where) is [var token, ..] ? token : null;

    private static IReadOnlyList<ClusterToken> Query(SqliteConnection db, Sql where) =>
        [.. db.Query($"select {Columns} from cluster_tokens where {where.ToPart()}", Map).Select(token => token with { Nodes = NodesOf(db, token.Id) })];

    private static List<string> NodesOf(SqliteConnection db, string id) =>
        db.Query($"select node from installation_tokens where cluster_token_id = {id} order by node", row => row.GetString(0));

    private static string? IdOf(SqliteConnection db, Sql where) =>
        db.First($"select id from installation_tokens where {where.ToPart()}", row => row.GetString(0));

    private static ClusterToken Map(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.GetInt32(3),
        row.GetString(4),
        row.Time(5),
        row.Time(6),
        row.TimeOrNull(7),
        []);
}
