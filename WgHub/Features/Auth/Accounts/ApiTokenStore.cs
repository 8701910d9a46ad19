using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>The table of API tokens: only their hashes are there.</summary>
internal sealed class ApiTokenStore(Database database, TimeProvider time)
{
    private static readonly SqlPart Columns = new("id, name, role, hint, created_by, created_at, expires_at, last_used_at, revoked_at");

    public void Add(Tx tx, ApiToken token, ApiTokenSecret secret) =>
        tx.Execute(
            $"""
            insert into api_tokens (id, name, token_hash, role, hint, created_by, created_at, expires_at)
            values ({token.Id}, {token.Name}, {secret.Hash}, {token.Role}, {token.Hint}, {token.CreatedBy}, {token.CreatedAt},
                {token.ExpiresAt})
            """);

    /// <returns>The token that is valid now, or null.</returns>
    public ApiToken? Find(ApiTokenSecret secret)
    {
        var now = time.GetUtcNow();
        return database.Read(tx => tx.First(
            $"select {Columns} from api_tokens where token_hash = {secret.Hash} and revoked_at is null and (expires_at is null or expires_at > {now})", Map));
    }

    public IReadOnlyList<ApiToken> List() => database.Read(tx => tx.Query($"select {Columns} from api_tokens order by created_at, id", Map));

    /// <summary>A page of tokens, newest first.</summary>
    public Part<ApiToken> List(Paging paging) => database.Read(tx => new Part<ApiToken>(
        tx.Query(
            $"select {Columns} from api_tokens order by created_at desc, id desc limit {paging.PageSize} offset {paging.Offset}", Map),
        tx.Count($"select count(*) from api_tokens"),
        paging));

    /// <returns>False when there is no such token.</returns>
    public bool Revoke(Tx tx, string id) =>
        tx.Execute($"update api_tokens set revoked_at = {tx.Now} where id = {id} and revoked_at is null") > 0
        || tx.Count($"select count(*) from api_tokens where id = {id}") > 0;

    public void Used(Tx tx, string id, DateTimeOffset at) =>
        tx.Execute($"update api_tokens set last_used_at = {at} where id = {id}");

    private static ApiToken Map(Row row) => new()
    {
        Id = row.Text("id"),
        Name = row.Text("name"),
        Role = row.Text("role"),
        Hint = row.Text("hint"),
        CreatedBy = row.Text("created_by"),
        CreatedAt = row.Time("created_at"),
        ExpiresAt = row.TimeOrNull("expires_at"),
        LastUsedAt = row.TimeOrNull("last_used_at"),
        RevokedAt = row.TimeOrNull("revoked_at"),
    };
}
