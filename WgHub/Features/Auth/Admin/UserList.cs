using WgHub.Features.Auth.Accounts;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Admin;

/// <summary>An account as an administrator sees it.</summary>
/// <param name="Passkeys">Their number.</param>
/// <param name="Sessions">Number of browsers that are signed in.</param>
internal sealed record Account(User User, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt, bool HasTotp, long Passkeys, long Sessions)
{
    /// <summary>Where it signs in: here, or the provider's host.</summary>
    public string Kind => User.Issuer is { } issuer ? User.ProviderName(issuer) : "local";

    /// <summary>What it is asked for besides a password; null for nothing that the hub knows of.</summary>
    public string? SecondFactor => (HasTotp, Passkeys) switch
    {
        (true, 0) => "authenticator",
        (true, _) => "authenticator, passkey",
        (false, > 0) => "passkey",
        _ => null,
    };
}

/// <summary>Reads the accounts for the pages of administrators.</summary>
internal sealed class UserList(Database database, TimeProvider time)
{
    /// <summary>Begins as <see cref="UserStore.Map"/> reads it.</summary>
    private SqlPart Columns => SqlPart.Of(
        $"""
        id, name, role, enabled, issuer, created_at, last_sign_in_at, totp_since is not null as has_totp,
        (select count(*) from passkeys where user_id = users.id) as passkeys, (select count(*) from sessions where user_id = users.id
        and expires_at > {time.GetUtcNow()}) as sessions
        """);

    /// <summary>A page of the accounts whose name or provider holds <paramref name="search"/>, by name.</summary>
    public Part<Account> List(string? search, Paging paging)
    {
        var text = search?.Trim() ?? "";
        var where = SqlPart.Of($"{Sql.Contains("name_key", text.ToUpperInvariant())} or {Sql.Contains("coalesce(issuer, 'local')", text.ToLowerInvariant())}");
        return database.Read(tx => new Part<Account>(
            tx.Query(
                $"select {Columns} from users where {where} order by name_key, id limit {paging.PageSize} offset {paging.Offset}", Map),
            tx.Count($"select count(*) from users where {where}"),
            paging));
    }

    /// <returns>The account, or null.</returns>
    public Account? Find(string id) => database.Read(tx => tx.First($"select {Columns} from users where id = {id}", Map));

    private static Account Map(Row row) =>
        new(
            UserStore.Map(row), row.Time("created_at"), row.TimeOrNull("last_sign_in_at"), row.Flag("has_totp"), row.Number("passkeys"),
            row.Number("sessions"));
}
