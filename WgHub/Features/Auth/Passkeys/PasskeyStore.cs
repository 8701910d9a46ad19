using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using WgHub.Storage;

namespace WgHub.Features.Auth.Passkeys;

/// <summary>The table of passkeys. Methods that take a connection run inside the caller's transaction.</summary>
internal sealed class PasskeyStore(Database database, TimeProvider time)
{
    private static readonly SqlPart Columns = new("credential_id, credential, created_at");

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>For a person to read, the oldest first.</summary>
    public IReadOnlyList<Passkey> Of(string userId) => database.Read(tx => tx.Query(
        $"select credential_id, name, created_at, last_used_at from passkeys where user_id = {userId} order by created_at, credential_id",
        row => new Passkey(row.Text("credential_id"), row.Text("name"), row.Time("created_at"), row.TimeOrNull("last_used_at"))));

    /// <param name="userId">Null for any account.</param>
    public bool Any(string? userId) => database.Read(tx => tx.Exists(
        $"select 1 from passkeys where cast({userId} as text) is null or user_id = {userId} limit 1"));

    public static long Count(Tx tx, string userId) => tx.Count($"select count(*) from passkeys where user_id = {userId}");

    /// <summary>For the browser, which asks for one of them.</summary>
    public IList<UserPasskeyInfo> InfosOf(string userId) => database.Read(tx => tx.Query($"select {Columns} from passkeys where user_id = {userId}", Map));

    /// <returns>Null when the account has no such passkey.</returns>
    public UserPasskeyInfo? Find(string userId, byte[] credentialId) => database.Read(tx => Find(tx, userId, Base64Url.EncodeToString(credentialId)));

    /// <returns>Whose it is; null for nobody's.</returns>
    public string? OwnerOf(byte[] credentialId) => database.Read(tx => tx.First(
        $"select user_id from passkeys where credential_id = {Base64Url.EncodeToString(credentialId)}", row => row.Text("user_id")));

    /// <returns>False when there is one of this id already.</returns>
    public bool Add(Tx tx, string userId, string name, UserPasskeyInfo info) =>
        tx.Execute(
            $"""
            insert into passkeys (credential_id, user_id, name, credential, created_at)
            values ({Base64Url.EncodeToString(info.CredentialId)}, {userId}, {name}, {Json(info)}, {Now})
            on conflict do nothing
            """) > 0;

    /// <summary>Remembers a use.</summary>
    /// <returns>False when it was removed meanwhile, or another use with a later count came first: then there may be two of it.</returns>
    public bool Use(Tx tx, string userId, UserPasskeyInfo info)
    {
        var id = Base64Url.EncodeToString(info.CredentialId);
        return Find(tx, userId, id) is { } known
            && (known.SignCount == 0 || info.SignCount > known.SignCount)
            && tx.Execute($"update passkeys set credential = {Json(info)}, last_used_at = {Now} where credential_id = {id}") > 0;
    }

    /// <returns>Its name; null when the account has no such passkey.</returns>
    public static string? Remove(Tx tx, string userId, string id) =>
        tx.First($"delete from passkeys where credential_id = {id} and user_id = {userId} returning name", row => row.Text("name"));

    /// <returns>How many there were.</returns>
    public static int RemoveAll(Tx tx, string userId) => tx.Execute($"delete from passkeys where user_id = {userId}");

    private static UserPasskeyInfo? Find(Tx tx, string userId, string id) =>
        tx.First($"select {Columns} from passkeys where credential_id = {id} and user_id = {userId}", Map);

    // What the device said of itself when the key was made is not asked for, so nothing of it is kept.
    private static UserPasskeyInfo Map(Row row)
    {
        var known = JsonSerializer.Deserialize(row.Text("credential"), PasskeyJson.Default.PasskeyCredential)!;
        return new(
            Base64Url.DecodeFromChars(row.Text("credential_id")), known.PublicKey, row.Time("created_at"), known.SignCount,
            known.Transports, known.IsUserVerified, known.IsBackupEligible, known.IsBackedUp, [], []);
    }

    private static string Json(UserPasskeyInfo info) => JsonSerializer.Serialize(
        new(info.PublicKey, info.SignCount, info.Transports, info.IsUserVerified, info.IsBackupEligible, info.IsBackedUp),
        PasskeyJson.Default.PasskeyCredential);
}
