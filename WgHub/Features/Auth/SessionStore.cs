using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using WgHub.Storage;

namespace WgHub.Features.Auth;

/// <summary>Who is signed in by a browser. The cookie holds a random key, the table its hash.</summary>
internal sealed class SessionStore(Database database, TimeProvider time)
{
    /// <summary>From the sign-in on, however busy the session is.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(8);

    /// <summary>Begins a session inside the caller's transaction.</summary>
    /// <returns>The key for the cookie: 256 random bits.</returns>
    public string Begin(SqliteConnection db, string userId)
    {
        var now = time.GetUtcNow();
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        db.Execute($"delete from sessions where expires_at <= {now.ToUnixTimeMilliseconds()}");
        db.Execute(
            $"""
            insert into sessions (key_hash, user_id, created_at, expires_at)
            values ({Hashes.Of(key)}, {userId}, {now.ToUnixTimeMilliseconds()}, {(now + Life).ToUnixTimeMilliseconds()})
            """);
        return key;
    }

    /// <returns>The account of a running session, or null.</returns>
    public User? Find(string key) => database.Read(db => db.First(
        $"""
        select users.id, users.name, users.role, users.enabled from sessions join users on users.id = sessions.user_id
        where sessions.key_hash = {Hashes.Of(key)} and sessions.expires_at > {time.GetUtcNow().ToUnixTimeMilliseconds()} and users.enabled
        """,
        UserStore.Map));

    public Task EndAsync(string key, CancellationToken cancellationToken) =>
        database.WriteAsync(db => db.Execute($"delete from sessions where key_hash = {Hashes.Of(key)}"), cancellationToken);

    /// <summary>Ends all sessions of an account inside the caller's transaction.</summary>
    public void EndAll(SqliteConnection db, string userId) => db.Execute($"delete from sessions where user_id = {userId}");
}
