using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>The table of API tokens: only their hashes are there.</summary>
internal sealed class ApiTokenStore(Database database, TimeProvider time)
{
    private static readonly SqlPart Columns = new(
        "api_tokens.id, api_tokens.name, api_tokens.role, hint, created_by, user_id, api_tokens.created_at, expires_at, last_used_at, revoked_at");

    public void Add(Tx tx, ApiToken token, ApiTokenSecret secret) =>
        tx.Execute(
            $"""
            insert into api_tokens (id, name, token_hash, role, hint, created_by, user_id, created_at, expires_at)
            values ({token.Id}, {token.Name}, {secret.Hash}, {token.Role}, {token.Hint}, {token.CreatedBy}, {token.UserId}, {token.CreatedAt},
                {token.ExpiresAt})
            """);

    /// <summary>
    /// What a token may is never more than its maker may now: should one have been left over when an account was taken back, it opens nothing.
    /// </summary>
    /// <returns>The token that is valid now, or null.</returns>
    public ApiToken? Find(ApiTokenSecret secret)
    {
        var now = time.GetUtcNow();
        return database.Read(tx => tx.First(
            $"""
            select {Columns}, users.role as maker_role from api_tokens left join users on users.id = user_id
            where token_hash = {secret.Hash} and revoked_at is null and (expires_at is null or expires_at > {now})
                and (user_id is null or users.enabled and users.role <> {User.NoRole})
            """,
            row => Map(row) is var token && row.TextOrNull("maker_role") is { } maker && Roles.Rank(maker) < Roles.Rank(token.Role)
                ? token with { Role = maker }
                : token));
    }

    /// <summary>Tokens that an account made, the newest first, as many as a page shows.</summary>
    public IReadOnlyList<ApiToken> MadeBy(string userId) => database.Read(tx => tx.Query(
        $"select {Columns} from api_tokens where user_id = {userId} order by created_at desc, id desc limit 100", Map));

    /// <summary>Those of an account that open something now.</summary>
    public IReadOnlyList<ApiToken> Valid(Tx tx, string userId) => tx.Query(
        $"""
        select {Columns} from api_tokens
        where user_id = {userId} and revoked_at is null and (expires_at is null or expires_at > {tx.Now}) order by created_at, id
        """,
        Map);

    public ApiToken? FindById(Tx tx, string id) => tx.First($"select {Columns} from api_tokens where id = {id}", Map);

    public static string? NameOf(Tx tx, string id) => tx.First($"select name from api_tokens where id = {id}", row => row.Text("name"));

    public IReadOnlyList<ApiToken> List() => database.Read(tx => tx.Query($"select {Columns} from api_tokens order by created_at, id", Map));

    /// <summary>A page of tokens, newest first.</summary>
    public Part<ApiToken> List(Paging paging) => database.Read(tx => new Part<ApiToken>(
        tx.Query(
            $"select {Columns} from api_tokens order by created_at desc, id desc limit {paging.PageSize} offset {paging.Offset}", Map),
        tx.Count($"select count(*) from api_tokens"),
        paging));

    /// <summary>Those that open nothing any more since before a moment.</summary>
    public static SqlPart Outdated(DateTimeOffset before) => SqlPart.Of($"revoked_at < {before} or expires_at < {before}");

    public static int RemoveOutdated(Tx tx, DateTimeOffset before) => tx.Execute($"delete from api_tokens where {Outdated(before)}");

    /// <summary>Who made them is called otherwise.</summary>
    public static void RenameMaker(Tx tx, string before, string after) =>
        tx.Execute($"update api_tokens set created_by = {after} where created_by = {before}");

    public void Revoke(Tx tx, string id) => tx.Execute($"update api_tokens set revoked_at = {tx.Now} where id = {id} and revoked_at is null");

    public void Used(Tx tx, string id, DateTimeOffset at) =>
        tx.Execute($"update api_tokens set last_used_at = {at} where id = {id}");

    private static ApiToken Map(Row row) => new()
    {
        Id = row.Text("id"),
        Name = row.Text("name"),
        Role = row.Text("role"),
        Hint = row.Text("hint"),
        CreatedBy = row.Text("created_by"),
        UserId = row.TextOrNull("user_id"),
        CreatedAt = row.Time("created_at"),
        ExpiresAt = row.TimeOrNull("expires_at"),
        LastUsedAt = row.TimeOrNull("last_used_at"),
        RevokedAt = row.TimeOrNull("revoked_at"),
    };
}
