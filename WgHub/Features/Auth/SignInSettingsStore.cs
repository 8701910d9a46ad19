using Microsoft.Data.Sqlite;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Auth;

/// <summary>The row that says how people sign in. Read anew each time: a command on the machine may have changed it.</summary>
internal sealed class SignInSettingsStore(Database database, MasterKey masterKey, TimeProvider time)
{
    public SignInSettings Current => database.Read(Find);

    /// <exception cref="StorageException">The master key does not open the client secret.</exception>
    public SignInSettings Find(SqliteConnection db) => db.First(
        $"""
        select local_sign_in, oidc_enabled, issuer, client_id, sealed_client_secret, token_auth, scopes, role_claim, admin_values, operator_values, viewer_values, tested_fingerprint, tested_at
        from sign_in_settings where hub_id = {database.HubId}
        """,
        Map) ?? SignInSettings.Default;

    public void Save(SqliteConnection db, SignInSettings settings)
    {
        db.Execute($"delete from sign_in_settings where hub_id = {database.HubId}");
        db.Execute(
            $"""
            insert into sign_in_settings (hub_id, local_sign_in, oidc_enabled, issuer, client_id, sealed_client_secret, token_auth, scopes, role_claim, admin_values, operator_values, viewer_values,
                tested_fingerprint, tested_at, updated_at)
            values ({database.HubId}, {settings.LocalSignIn}, {settings.OidcEnabled}, {settings.Issuer}, {settings.ClientId},
                {(settings.ClientSecret is { } secret ? SealedColumns.ClientSecret.Seal(masterKey, database.HubId, secret) : null)}, {settings.TokenAuth}, {settings.Scopes}, {settings.RoleClaim},
                {string.Join('\n', settings.AdminValues)}, {string.Join('\n', settings.OperatorValues)}, {string.Join('\n', settings.ViewerValues)},
                {settings.TestedFingerprint}, {settings.TestedAt?.ToUnixTimeMilliseconds()}, {time.GetUtcNow().ToUnixTimeMilliseconds()})
            """);
    }

    private SignInSettings Map(SqliteDataReader row) => new(
        row.GetBoolean(0),
        row.GetBoolean(1),
        row.GetString(2),
        row.GetString(3),
        row.TextOrNull(4) is { } sealedSecret ? SealedColumns.ClientSecret.Open(masterKey, database.HubId, sealedSecret) : null,
        row.GetString(5),
        row.GetString(6),
        row.GetString(7),
        Lines(row.GetString(8)),
        Lines(row.GetString(9)),
        Lines(row.GetString(10)),
        row.TextOrNull(11),
        row.TimeOrNull(12));

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
