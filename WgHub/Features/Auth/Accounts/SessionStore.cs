using WgHub.Storage;

namespace WgHub.Features.Auth.Accounts;

/// <summary>Who is signed in by a browser. The cookie holds a random key, the table its hash.</summary>
internal sealed class SessionStore(Database database, TimeProvider time)
{
    /// <summary>From the sign-in on, however busy the session is.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(8);

    private static readonly SqlPart Columns = new(
        "sessions.id, sessions.way, sessions.address, sessions.user_agent, sessions.created_at, sessions.confirmed_at, sessions.expires_at, users.id as account_id, users.name, users.role, users.enabled, users.issuer");

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Begins a session inside the caller's transaction.</summary>
    /// <returns>The key for the cookie.</returns>
    public SessionKey Begin(Tx tx, string id, string userId, string way, Visitor visitor, ProviderSession? provider, string? sealedIdToken)
    {
        var key = SessionKey.New();
        var expiresAt = tx.Now + Life;
        tx.Execute($"delete from sessions where expires_at <= {Now}");
        tx.Execute(
            $"""
            insert into sessions (id, key_hash, user_id, way, address, user_agent, created_at, confirmed_at, expires_at, issuer, provider_session,
                sealed_id_token)
            values ({id}, {key.Hash}, {userId}, {way}, {visitor.Address}, {visitor.UserAgent}, {Now}, {Now}, {expiresAt}, {provider?.Issuer},
                {provider?.SessionId}, {sealedIdToken})
            """);
        return key;
    }

    /// <returns>A running session of an account that is switched on, or null.</returns>
    public Session? Find(SessionKey key) => database.Read(tx => tx.First(
        $"select {Columns} from sessions join users on users.id = sessions.user_id where sessions.key_hash = {key.Hash} and sessions.expires_at > {Now} and users.enabled",
        Map));

    /// <summary>The running sessions of an account, the newest first.</summary>
    public IReadOnlyList<Session> Of(string userId) => database.Read(tx => tx.Query(
        $"select {Columns} from sessions join users on users.id = sessions.user_id where sessions.user_id = {userId} and sessions.expires_at > {Now} order by sessions.created_at desc, sessions.id",
        Map));

    /// <summary>Its owner has proved anew who they are.</summary>
    public void Confirm(Tx tx, string id) => tx.Execute($"update sessions set confirmed_at = {Now} where id = {id}");

    /// <returns>What a session remembers of its identity provider; null for one that has none.</returns>
    public SealedProviderSession? FindProvider(string id) => database.Read(tx => tx.First(
        $"select issuer, sealed_id_token from sessions where id = {id} and sealed_id_token is not null", row => new SealedProviderSession(id, row.Text("issuer"), row.Text("sealed_id_token"))));

    /// <summary>Ends what began with one session of the provider's, inside the caller's transaction.</summary>
    /// <returns>How many there were.</returns>
    public int EndOfProvider(Tx tx, string issuer, string providerSession) =>
        tx.Execute($"delete from sessions where issuer = {issuer} and provider_session = {providerSession}");

    /// <returns>False when the account has no such session.</returns>
    public bool End(Tx tx, string userId, string id) => tx.Execute($"delete from sessions where id = {id} and user_id = {userId}") > 0;

    /// <summary>Ends all sessions of an account, but for the one given, inside the caller's transaction.</summary>
    /// <returns>How many there were.</returns>
    public int EndAll(Tx tx, string userId, string? butId = null) => tx.Execute($"delete from sessions where user_id = {userId} and id <> {butId ?? ""}");

    /// <summary>Ends all sessions that there are, inside the caller's transaction.</summary>
    public static void EndEverybodys(Tx tx) => tx.Execute($"delete from sessions");

    private static Session Map(Row row) => new(
        row.Text("id"),
        new(row.Text("account_id"), row.Text("name"), row.Text("role"), row.Flag("enabled"), row.TextOrNull("issuer")),
        row.Text("way"),
        row.TextOrNull("address"),
        row.Text("user_agent"),
        row.Time("created_at"),
        row.Time("confirmed_at"),
        row.Time("expires_at"));
}

/// <param name="Id">Of the session here.</param>
/// <param name="SealedIdToken">See <see cref="SealedColumns.IdToken"/>.</param>
internal sealed record SealedProviderSession(string Id, string Issuer, string SealedIdToken);
