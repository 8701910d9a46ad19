using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using WgHub.Storage;

namespace WgHub.Features.Auth.Passkeys;

/// <summary>The table of passkeys. Methods that take a connection run inside the caller's transaction.</summary>
internal sealed class PasskeyStore(Database database, TimeProvider time)
{
    private static readonly SqlPart Columns = new("credential_id, credential, created_at");

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>For a person to read, the oldest first.</summary>
    public IReadOnlyList<Passkey> Of(string userId) => database.Read(db => db.Query(
        $"select credential_id, name, created_at, last_used_at from passkeys where user_id = {userId} order by created_at, credential_id",
        row => new Passkey(row.GetString(0), row.GetString(1), row.Time(2), row.TimeOrNull(3))));

    /// <param name="userId">Null for any account.</param>
    public bool Any(string? userId) => database.Read(db => db.Count(
        $"select exists (select 1 from passkeys where {userId} is null or user_id = {userId})")) > 0;

    public static long Count(SqliteConnection db, string userId) => db.Count($"select count(*) from passkeys where user_id = {userId}");

    /// <summary>For the browser, which asks for one of them.</summary>
    public IList<UserPasskeyInfo> InfosOf(string userId) => database.Read(db => db.Query($"select {Columns} from passkeys where user_id = {userId}", Map));

    /// <returns>Null when the account has no such passkey.</returns>
    public UserPasskeyInfo? Find(string userId, byte[] credentialId) => database.Read(db => Find(db, userId, Base64Url.EncodeToString(credentialId)));

    /// <returns>Whose it is; null for nobody's.</returns>
    public string? OwnerOf(byte[] credentialId) => database.Read(db => db.First(
        $"select user_id from passkeys where credential_id = {Base64Url.EncodeToString(credentialId)}", row => row.GetString(0)));

    /// <returns>False when there is one of this id already.</returns>
    public bool Add(SqliteConnection db, string userId, string name, UserPasskeyInfo info) =>
        db.Execute(
            $"""
            insert into passkeys (credential_id, user_id, name, credential, created_at)
            values ({Base64Url.EncodeToString(info.CredentialId)}, {userId}, {name}, {Json(info)}, {Now})
            on conflict do nothing
            """) > 0;

    /// <summary>Remembers a use.</summary>
    /// <returns>False when it was removed meanwhile, or another use with a later count came first: then there may be two of it.</returns>
    public bool Use(SqliteConnection db, string userId, UserPasskeyInfo info)
    {
        var id = Base64Url.EncodeToString(info.CredentialId);
        return Find(db, userId, id) is { } known
            && (known.SignCount == 0 || info.SignCount > known.SignCount)
            && db.Execute($"update passkeys set credential = {Json(info)}, last_used_at = {Now} where credential_id = {id}") > 0;
    }

    /// <returns>Its name; null when the account has no such passkey.</returns>
    public static string? Remove(SqliteConnection db, string userId, string id) =>
        db.First($"delete from passkeys where credential_id = {id} and user_id = {userId} returning name", row => row.GetString(0));

    /// <returns>How many there were.</returns>
    public static int RemoveAll(SqliteConnection db, string userId) => db.Execute($"delete from passkeys where user_id = {userId}");

    private static UserPasskeyInfo? Find(SqliteConnection db, string userId, string id) =>
        db.First($"select {Columns} from passkeys where credential_id = {id} and user_id = {userId}", Map);

    // What the device said of itself when the key was made is not asked for, so nothing of it is kept.
    private static UserPasskeyInfo Map(SqliteDataReader row)
    {
        var known = JsonSerializer.Deserialize(row.GetString(1), PasskeyJson.Default.PasskeyCredential)!;
        return new(
            Base64Url.DecodeFromChars(row.GetString(0)), known.PublicKey, row.Time(2), known.SignCount, known.Transports, known.IsUserVerified, known.IsBackupEligible, known.IsBackedUp, [], []);
    }

    private static string Json(UserPasskeyInfo info) => JsonSerializer.Serialize(
        new(info.PublicKey, info.SignCount, info.Transports, info.IsUserVerified, info.IsBackupEligible, info.IsBackedUp), PasskeyJson.Default.PasskeyCredential);
}
