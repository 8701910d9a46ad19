using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.TestKit;

namespace WgHub.Storage;

/// <summary>What was in a database of an earlier release is there after the upgrade.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-upgrade-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Accounts_and_the_audit_log_of_the_first_schema_are_kept()
    {
        Migrator.Prepare(new(_folder.FullName), TimeProvider.System, [File.ReadAllText(Repository.PathOf("WgHub/Storage/Migrations/0001_hub.sql"))]);
        using (var old = Connections.Open(new DataDirectory(_folder.FullName).DatabaseFile, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        {
            old.Execute($"insert into users (id, name, name_key, password_hash, role, enabled, created_at) values ('u1', 'Ada', 'ADA', 'a hash', 'admin', true, 5)");
            old.Execute($"insert into sessions (key_hash, user_id, created_at, expires_at) values ('h', 'u1', 5, 99999999999999)");
            foreach (var id in new[] { "a2", "a1", "a3" })
            {
                old.Execute($"insert into audit (id, hub_id, at, actor, event, detail) select {id}, value, 5, 'cli', 'user.created', '{{}}' from meta where name = 'hub_id'");
            }
        }

        using var database = new Database(new(_folder.FullName), TimeProvider.System);
        var users = new UserStore(database);

        Assert.Equal(new("u1", "Ada", "admin", true), database.Read(db => users.FindByName(db, "ada")));
        Assert.Equal("a hash", users.FindLocal("ADA")?.PasswordHash);
        Assert.Equal(["a3", "a2", "a1"], new AuditLog(database).List(new(null, null, null, null, null, new(1, 50))).Entries.Select(entry => entry.Id));
        var verdict = database.Read(tx => AuditChain.Verify(tx, null));
        Assert.Equal((3, null), (verdict.Head.Sequence, verdict.Fault));
    }
}
