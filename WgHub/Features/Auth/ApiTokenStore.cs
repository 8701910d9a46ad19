using Microsoft.Data.Sqlite;
using WgHub.Storage;

namespace WgHub.Features.Auth;

/// <summary>A program's way in, without its secret.</summary>
internal sealed record ApiToken(string Id, string Name, string Role, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>The table of API tokens: only their hashes are there.</summary>
internal sealed class ApiTokenStore(Database database, TimeProvider time)
{
    private static readonly SqlPart Columns = new("id, name, role, created_at, expires_at, revoked_at");

    public void Add(SqliteConnection db, ApiToken token, string secret) =>
        db.Execute(
            $"""
            insert into api_tokens (id, name, token_hash, role, created_at, expires_at)
            values ({token.Id}, {token.Name}, {Hashes.Of(secret)}, {token.Role}, {token.CreatedAt.ToUnixTimeMilliseconds()}, {token.ExpiresAt?.ToUnixTimeMilliseconds()})
            """);

    /// <returns>The token that is valid now, or null.</returns>
    public ApiToken? Find(string secret)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return database.Read(db => db.First(
            $"select {Columns} from api_tokens where token_hash = {Hashes.Of(secret)} and revoked_at is null and (expires_at is null or expires_at > {now})", Map));
    }

    public IReadOnlyList<ApiToken> List() => database.Read(db => db.Query($"select {Columns} from api_tokens order by created_at, id", Map));

    /// <returns>False when there is no such token.</returns>
    public bool Revoke(SqliteConnection db, string id) =>
        db.Execute($"update api_tokens set revoked_at = {time.GetUtcNow().ToUnixTimeMilliseconds()} where id = {id} and revoked_at is null") > 0
        || db.Count($"select count(*) from api_tokens where id = {id}") > 0;

    private static ApiToken Map(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.Time(3), row.TimeOrNull(4), row.TimeOrNull(5));
}
