using System.Net;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Labels;
using WgHub.Features.Leases;
using WgHub.Features.Routes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Tokens;

/// <summary>The table of installation tokens. Methods that take a connection run inside the caller's transaction.</summary>
internal sealed class TokenStore(Database database, LeaseStore leases)
{
    private static readonly SqlPart Columns = SqlPart.Of(
        $"""
        id, hub_id, spoke_id, spoke_name, address, address6, platform, created_by, created_at, expires_at, used_at, used_key, revoked_at, kind,
        spoke_expires_at, routes, {SpokeLabels.Columns}
        """);

    /// <exception cref="AppException">FORBIDDEN when whoever has it made may not do so any more.</exception>
    public void Add(Tx tx, Token token, string hash)
    {
        UserStore.StillMay(tx, Roles.Operator);
        tx.Execute(
            $"""
            insert into installation_tokens
                (id, hub_id, token_hash, spoke_id, spoke_name, address, address6, platform,
                 created_by, created_at, expires_at, kind, spoke_expires_at, user_id, routes, {SpokeLabels.Columns})
            values
                ({token.Id}, {token.Hub}, {hash}, {token.SpokeId}, {token.SpokeName}, {token.Address.ToString()}, {token.Address6?.ToString()},
                 {token.Platform},
                 {token.CreatedBy}, {token.CreatedAt}, {token.ExpiresAt},
                 {KindText(token.Kind)}, {token.SpokeExpiresAt}, {tx.By.UserId}, {token.Routes?.Text}, {token.Labels.Values})
            """);
    }

    /// <returns>The token with this secret, or null.</returns>
    public Token? Find(Tx tx, TokenSecret secret) =>
        tx.First($"select {Columns} from installation_tokens where token_hash = {secret.Hash}", Map);

    /// <returns>The token with this id, or null.</returns>
    public Token? FindById(Tx tx, string id) =>
        tx.First($"select {Columns} from installation_tokens where id = {id}", Map);

    public Token? FindById(string id) => database.Read(tx => FindById(tx, id));

    /// <summary>A page of tokens, newest first, without those of the nodes of a cluster token: <see cref="ClusterTokenStore"/> has them.</summary>
    public Part<Token> List(TokenFilter filter, Paging paging) => database.Read(tx =>
    {
        var where = filter.And(new("cluster_token_id is null"), tx.Now);
        return new Part<Token>(
            tx.Query(
                $"""
                select {Columns} from installation_tokens where {where}
                order by created_at desc, id desc limit {paging.PageSize} offset {paging.Offset}
                """,
                Map),
            tx.Count($"select count(*) from installation_tokens where {where}"),
            paging);
    });

    /// <summary>Those that were made with the rights of an account and wait for their machine.</summary>
    public IReadOnlyList<Token> Open(Tx tx, string userId) => tx.Query(
        $"""
        select {Columns} from installation_tokens
        where user_id = {userId} and used_at is null and revoked_at is null and expires_at > {tx.Now} order by created_at, id
        """,
        Map);

    public static string? NameOf(Tx tx, string id) => tx.First($"select spoke_name from installation_tokens where id = {id}", row => row.Text("spoke_name"));

    /// <summary>The tokens whose time ended, unused, after the first and not after the second time.</summary>
    public IReadOnlyList<Token> RanOut(DateTimeOffset after, DateTimeOffset until) => database.Read(tx => tx.Query(
        $"""
        select {Columns} from installation_tokens where used_at is null and revoked_at is null
            and expires_at > {after} and expires_at <= {until} order by expires_at
        """,
        Map));

    /// <summary>The groups that tokens were made for.</summary>
    public IReadOnlyList<string> Groups() => database.Read(tx => tx.Query(
        $"select distinct group_name from installation_tokens where group_name is not null order by group_name limit 200", row => row.Text("group_name")));

    /// <summary>How many tokens of each group still wait for their spoke.</summary>
    public IReadOnlyDictionary<string, long> CountOpenByGroup(Tx tx) => tx.Query(
        $"""
        select group_name, count(*) as many from installation_tokens
        where group_name is not null and used_at is null and revoked_at is null and expires_at > {tx.Now} group by group_name
        """,
        row => KeyValuePair.Create(row.Text("group_name"), row.Number("many"))).ToDictionary();

    /// <summary>Number of tokens that still wait for their spoke.</summary>
    public long CountPending(DateTimeOffset now) => database.Read(tx => tx.Count(
        $"select count(*) from installation_tokens where used_at is null and revoked_at is null and expires_at > {now}"));

    /// <summary>Binds the token to a key, once and for all; its spoke keeps the lease.</summary>
    public void Bind(Tx tx, Token token, PublicKey key, DateTimeOffset now)
    {
        tx.Execute(
            $"update installation_tokens set used_at = {now}, used_key = {key.ToString()} where id = {token.Id} and used_at is null");
        leases.Keep(tx, token.SpokeId);
    }

    /// <summary>Revokes all other tokens of the spoke, used or not: what they were bound to is no longer its key.</summary>
    public void RevokeOthers(Tx tx, Token token, DateTimeOffset now) =>
        tx.Execute(
            $"update installation_tokens set revoked_at = {now} where spoke_id = {token.SpokeId} and id <> {token.Id} and revoked_at is null");

    /// <summary>Revokes what would give the spoke a new key and was not used.</summary>
    public void RevokeReenrolments(Tx tx, string spokeId, DateTimeOffset now) =>
        tx.Execute(
            $"update installation_tokens set revoked_at = {now} where spoke_id = {spokeId} and kind = 'reenrol' and used_at is null and revoked_at is null");

    /// <summary>The spoke has another key: its line works with that one from now on.</summary>
    public void Rebind(Tx tx, string spokeId, PublicKey from, PublicKey to) =>
        tx.Execute($"update installation_tokens set used_key = {to.ToString()} where spoke_id = {spokeId} and used_key = {from.ToString()}");

    /// <summary>Revokes the token; the address that one for a new spoke held is free again.</summary>
    public void Revoke(Tx tx, Token token, DateTimeOffset now)
    {
        tx.Execute($"update installation_tokens set revoked_at = {now} where id = {token.Id}");
        if (token.UsedAt is null && token.Kind == TokenKind.Install)
        {
            leases.Free(tx, token.SpokeId);
        }
    }

    /// <summary>
    /// Those that open nothing any more and did not come to anything since before a moment. One that a spoke came by stays with it: it proves the
    /// spoke's own removal.
    /// </summary>
    public static SqlPart Outdated(DateTimeOffset before) => SqlPart.Of(
        $"""
        coalesce(revoked_at, used_at, expires_at) < {before}
            and not exists (select 1 from spokes where spokes.token_id = installation_tokens.id)
            and (used_at is null or revoked_at is not null or not exists (select 1 from spokes where spokes.id = installation_tokens.spoke_id))
        """);

    /// <summary>Their spokes to be belong to nobody any more.</summary>
    public static void Disown(Tx tx, string owner) => tx.Execute($"update installation_tokens set owner = '' where owner = {owner}");

    /// <summary>Who made them, and those of clusters, is called otherwise.</summary>
    public static void RenameMaker(Tx tx, string before, string after)
    {
        tx.Execute($"update installation_tokens set created_by = {after} where created_by = {before}");
        tx.Execute($"update cluster_tokens set created_by = {after} where created_by = {before}");
    }

    /// <summary>Removes up to so many of them, and what they may still hold of a name and an address.</summary>
    /// <returns>How many went.</returns>
    public int RemoveOutdated(Tx tx, DateTimeOffset before, int limit)
    {
        var old = tx.Query($"select {Columns} from installation_tokens where {Outdated(before)} limit {limit}", Map);
        foreach (var token in old.Where(token => token is { UsedAt: null, RevokedAt: null, Kind: TokenKind.Install }))
        {
            leases.Free(tx, token.SpokeId);
        }

        tx.ExecuteEach(old, token => $"delete from installation_tokens where id = {token.Id}");
        return old.Count;
    }

    private static Token Map(Row row) => new()
    {
        Id = row.Text("id"),
        Hub = new(row.Text("hub_id")),
        SpokeId = row.Text("spoke_id"),
        SpokeName = row.Text("spoke_name"),
        Address = Ipv4Address.Parse(row.Text("address")),
        Address6 = row.TextOrNull("address6") is { } address6 ? IPAddress.Parse(address6) : null,
        CreatedBy = row.Text("created_by"),
        CreatedAt = row.Time("created_at"),
        ExpiresAt = row.Time("expires_at"),
        Kind = row.Text("kind") == KindText(TokenKind.Reenrol) ? TokenKind.Reenrol : TokenKind.Install,
        Platform = row.TextOrNull("platform"),
        Labels = SpokeLabels.Map(row),
        SpokeExpiresAt = row.TimeOrNull("spoke_expires_at"),
        Routes = row.TextOrNull("routes") is { } routes ? SpokeRoutes.FromStored(routes) : null,
        UsedAt = row.TimeOrNull("used_at"),
        UsedKey = row.TextOrNull("used_key") is { } key ? PublicKey.Parse(key) : null,
        RevokedAt = row.TimeOrNull("revoked_at"),
    };

    private static string KindText(TokenKind kind) => kind == TokenKind.Reenrol ? "reenrol" : "install";
}
