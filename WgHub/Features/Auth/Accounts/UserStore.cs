using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth.Accounts;

/// <summary>The table of accounts. Methods that take a connection run inside the caller's transaction.</summary>
internal sealed class UserStore(Database database)
{
    private static readonly SqlPart Columns = new("id, name, role, enabled, issuer");

    private static readonly SqlPart Proof = new("password_hash, failed_sign_ins");

    /// <summary>True when somebody can sign in and do everything: then the set-up code opens nothing more.</summary>
    public bool HasAdministrator(Tx tx) => tx.Count($"select count(*) from users where role = {Roles.Admin} and enabled") > 0;

    public bool HasAdministrator() => database.Read(HasAdministrator);

    /// <summary>True when an administrator of this identity provider has signed in once.</summary>
    public bool HasAdministratorOf(Tx tx, string issuer) =>
        tx.Count($"select count(*) from users where issuer = {issuer} and role = {Roles.Admin} and enabled and last_sign_in_at is not null") > 0;

    /// <exception cref="AppException">NAME_IN_USE.</exception>
    public void Add(Tx tx, User user, Secret passwordHash, DateTimeOffset now)
    {
        var added = tx.Execute(
            $"""
            insert into users (id, name, name_key, password_hash, role, enabled, created_at, totp_last_step, failed_sign_ins)
            values ({user.Id}, {user.Name}, {user.Name.ToUpperInvariant()}, {passwordHash.Reveal()}, {user.Role}, {user.Enabled},
                {now}, 0, 0)
            on conflict do nothing
            """);
        if (added == 0)
        {
            throw AuthErrors.NameInUse(user.Name);
        }
    }

    /// <summary>Adds an account of an identity provider.</summary>
    public void AddOfProvider(Tx tx, User user, string subject, DateTimeOffset now) =>
        tx.Execute(
            $"""
            insert into users (id, name, name_key, issuer, subject, role, enabled, created_at, totp_last_step, failed_sign_ins)
            values ({user.Id}, {user.Name}, {user.Name.ToUpperInvariant()}, {user.Issuer}, {subject}, {user.Role}, {user.Enabled},
                {now}, 0, 0)
            """);

    /// <summary>Sets the name and the role that an identity provider tells.</summary>
    public void UpdateOfProvider(Tx tx, User user) =>
        tx.Execute($"update users set name = {user.Name}, name_key = {user.Name.ToUpperInvariant()}, role = {user.Role} where id = {user.Id}");

    /// <returns>The account of an identity provider, or null.</returns>
    public User? FindBySubject(Tx tx, string issuer, string subject) =>
        tx.First($"select {Columns} from users where issuer = {issuer} and subject = {subject}", Map);

    /// <returns>The local account of this name, or null.</returns>
    public User? FindByName(Tx tx, string name) =>
        tx.First($"select {Columns} from users where name_key = {name.ToUpperInvariant()} and issuer is null", Map);

    public User? Find(Tx tx, string id) => tx.First($"select {Columns} from users where id = {id}", Map);

    public static string? NameOf(Tx tx, string id) => tx.First($"select name from users where id = {id}", row => row.Text("name"));

    /// <summary>
    /// Refuses where an account in whose right something is made may not do so any more: the request may be older than the loss of its rights,
    /// and what it makes would outlive it.
    /// </summary>
    /// <exception cref="AppException">FORBIDDEN.</exception>
    public static void StillMay(Tx tx, string role)
    {
        if (tx.By.UserId is not { } id)
        {
            return;
        }

        var maker = tx.First($"select {Columns} from users where id = {id}", Map);
        if (maker is not { Enabled: true } || Roles.Rank(maker.Role) < Roles.Rank(role))
        {
            throw AuthErrors.Forbidden();
        }
    }

    /// <returns>The local account of this name with what proves it, or null.</returns>
    public LocalAccount? FindLocal(string name) => database.Read(tx =>
        tx.First($"select {Columns}, {Proof} from users where name_key = {name.ToUpperInvariant()} and issuer is null", MapLocal));

    /// <inheritdoc cref="FindLocal"/>
    public LocalAccount? FindLocalById(string id) => database.Read(tx => FindLocalById(tx, id));

    /// <inheritdoc cref="FindLocal"/>
    public LocalAccount? FindLocalById(Tx tx, string id) => tx.First($"select {Columns}, {Proof} from users where id = {id} and issuer is null", MapLocal);

    public void SetPassword(Tx tx, string id, Secret passwordHash) =>
        tx.Execute($"update users set password_hash = {passwordHash.Reveal()} where id = {id}");

    /// <summary>Somebody has signed in to it: what failed before is forgotten.</summary>
    public void SignedIn(Tx tx, string id) =>
        tx.Execute($"update users set last_sign_in_at = {tx.Now}, failed_sign_ins = 0 where id = {id}");

    /// <summary>Remembers over a restart how often it failed.</summary>
    public void Failed(Tx tx, string id, int tries) => tx.Execute($"update users set failed_sign_ins = {tries} where id = {id}");

    /// <returns>False when it is off already.</returns>
    /// <exception cref="AppException">LAST_ADMINISTRATOR.</exception>
    public bool Disable(Tx tx, User user)
    {
        KeepAnAdministrator(tx, user);
        return tx.Execute($"update users set enabled = {false} where id = {user.Id} and enabled") > 0;
    }

    /// <returns>False when it is on already.</returns>
    public bool Enable(Tx tx, string id) => tx.Execute($"update users set enabled = {true} where id = {id} and not enabled") > 0;

    /// <returns>False when it has this role already.</returns>
    /// <exception cref="AppException">LAST_ADMINISTRATOR.</exception>
    public bool SetRole(Tx tx, User user, string role)
    {
        if (role != Roles.Admin)
        {
            KeepAnAdministrator(tx, user);
        }

        return tx.Execute($"update users set role = {role} where id = {user.Id} and role <> {role}") > 0;
    }

    /// <summary>Accounts of that name, local ones and those of identity providers, in any case.</summary>
    public static IReadOnlyList<User> Called(Tx tx, string name) => tx.Query(
        $"select {Columns} from users where name_key = {name.ToUpperInvariant()} order by created_at, id", Map);

    /// <summary>Leaves of an account, which is switched off, a row that names nobody. Its sessions and factors are their rooms' to take away.</summary>
    public static void Erase(Tx tx, string id, string pseudonym) => tx.Execute(
        $"""
        update users set name = {pseudonym}, name_key = {pseudonym.ToUpperInvariant()}, subject = case when issuer is null then null else {id} end,
            password_hash = null, last_sign_in_at = null, failed_sign_ins = 0
        where id = {id}
        """);

    public static User Map(Row row) => new(row.Text("id"), row.Text("name"), row.Text("role"), row.Flag("enabled"), row.TextOrNull("issuer"));

    /// <summary>Refuses to take the last administrator away who can come in as people sign in now: nobody could let anybody in again.</summary>
    private static void KeepAnAdministrator(Tx tx, User user)
    {
        var others = tx.Count(
            $"""
            select count(*) from users left join sign_in_settings on true where role = {Roles.Admin} and enabled and id <> {user.Id}
                and (users.issuer is null and coalesce(local_sign_in, true) or users.issuer = sign_in_settings.issuer and oidc_enabled)
            """);
        if (user is { Role: Roles.Admin, Enabled: true } && others == 0)
        {
            throw AuthErrors.LastAdministrator(user.Name);
        }
    }

    private static LocalAccount MapLocal(Row row) =>
        new(Map(row), row.TextOrNull("password_hash"), row.Int("failed_sign_ins"));
}
