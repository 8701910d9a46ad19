using Microsoft.Data.Sqlite;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Auth;

/// <summary>The table of local accounts. Methods that take a connection run inside the caller's transaction.</summary>
internal sealed class UserStore(Database database)
{
    private static readonly SqlPart Columns = new("id, name, role, enabled");

    /// <summary>True when somebody can sign in and do everything: then the set-up code opens nothing more.</summary>
    public bool HasAdministrator(SqliteConnection db) => db.Count($"select count(*) from users where role = {Roles.Admin} and enabled") > 0;

    public bool HasAdministrator() => database.Read(HasAdministrator);

    /// <exception cref="AppException">NAME_IN_USE.</exception>
    public void Add(SqliteConnection db, User user, string passwordHash, DateTimeOffset now)
    {
        var added = db.Execute(
            $"""
            insert into users (id, name, name_key, password_hash, role, enabled, created_at)
            values ({user.Id}, {user.Name}, {user.Name.ToUpperInvariant()}, {passwordHash}, {user.Role}, {user.Enabled}, {now.ToUnixTimeMilliseconds()})
            on conflict do nothing
            """);
        if (added == 0)
        {
            throw AuthErrors.NameInUse(user.Name);
        }
    }

    public User? FindByName(SqliteConnection db, string name) =>
        db.First($"select {Columns} from users where name_key = {name.ToUpperInvariant()}", Map);

    /// <returns>The account and the hash of its password, or null.</returns>
    public (User User, string PasswordHash)? FindForSignIn(string name) => database.Read(db =>
        db.First($"select {Columns}, password_hash from users where name_key = {name.ToUpperInvariant()}", row => new SignInRow(Map(row), row.GetString(4))) is { } row
            ? (row.User, row.PasswordHash)
            : ((User, string)?)null);

    public void SetPassword(SqliteConnection db, string id, string passwordHash) =>
        db.Execute($"update users set password_hash = {passwordHash} where id = {id}");

    public void Disable(SqliteConnection db, string id) => db.Execute($"update users set enabled = {false} where id = {id}");

    public static User Map(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3));

    private sealed record SignInRow(User User, string PasswordHash);
}
