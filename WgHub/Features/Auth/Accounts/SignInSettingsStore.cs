using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Auth.Accounts;

/// <summary>The row that says how people sign in. Read anew each time: a command on the machine may have changed it.</summary>
internal sealed class SignInSettingsStore(Database database, MasterKey masterKey)
{
    public SignInSettings Current => database.Read(Find);

    /// <exception cref="StorageException">The master key does not open the client secret.</exception>
    public SignInSettings Find(Tx tx) => tx.First(
        $"""
        select local_sign_in, oidc_enabled, issuer, client_id, sealed_client_secret, token_auth, scopes, role_claim, admin_values, operator_values,
            viewer_values, tested_fingerprint, tested_at
        from sign_in_settings where installation_id = {database.InstallationId}
        """,
        Map) ?? SignInSettings.Default;

    public void Save(Tx tx, SignInSettings settings)
    {
        tx.Execute($"delete from sign_in_settings where installation_id = {database.InstallationId}");
        tx.Execute(
            $"""
            insert into sign_in_settings (installation_id, local_sign_in, oidc_enabled, issuer, client_id, sealed_client_secret, token_auth, scopes,
                role_claim, admin_values, operator_values, viewer_values,
                tested_fingerprint, tested_at, updated_at)
            values ({database.InstallationId}, {settings.LocalSignIn}, {settings.OidcEnabled}, {settings.Issuer}, {settings.ClientId},
                {(settings.ClientSecret is { } secret ? SealedColumns.ClientSecret.Seal(masterKey, database.InstallationId, secret) : null)},
                {settings.TokenAuth}, {settings.Scopes}, {settings.RoleClaim},
                {string.Join('\n', settings.AdminValues)}, {string.Join('\n', settings.OperatorValues)}, {string.Join('\n', settings.ViewerValues)},
                {settings.TestedFingerprint}, {settings.TestedAt}, {tx.Now})
            """);
    }

    private SignInSettings Map(Row row) => new()
    {
        LocalSignIn = row.Flag("local_sign_in"),
        OidcEnabled = row.Flag("oidc_enabled"),
        Issuer = row.Text("issuer"),
        ClientId = row.Text("client_id"),
        ClientSecret = row.TextOrNull("sealed_client_secret") is { } sealedSecret
            ? SealedColumns.ClientSecret.Open(masterKey, database.InstallationId, sealedSecret)
            : null,
        TokenAuth = row.Text("token_auth"),
        Scopes = row.Text("scopes"),
        RoleClaim = row.Text("role_claim"),
        AdminValues = Lines(row.Text("admin_values")),
        OperatorValues = Lines(row.Text("operator_values")),
        ViewerValues = Lines(row.Text("viewer_values")),
        TestedFingerprint = row.TextOrNull("tested_fingerprint"),
        TestedAt = row.TimeOrNull("tested_at"),
    };

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
