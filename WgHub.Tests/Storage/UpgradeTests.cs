using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Hosting;
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
            old.Execute(
                $"insert into users (id, name, name_key, password_hash, role, enabled, created_at) values ('u1', 'Ada', 'ADA', 'a hash', 'admin', true, 5)");
            old.Execute($"insert into sessions (key_hash, user_id, created_at, expires_at) values ('h', 'u1', 5, 99999999999999)");
            foreach (var id in new[] { "a2", "a1", "a3" })
            {
                old.Execute(
                    $"insert into audit (id, hub_id, at, actor, event, detail) select {id}, value, 5, 'cli', 'user.created', '{{}}' from meta where name = 'hub_id'");
            }
        }

        using var database = new Database(new(_folder.FullName), TimeProvider.System);
        var users = new UserStore(database);

        Assert.Equal(new("u1", "Ada", "admin", true), database.Read(db => users.FindByName(db, "ada")));
        Assert.Equal("a hash", users.FindLocal("ADA")?.PasswordHash);
        Assert.Equal(["a3", "a2", "a1"], new AuditLog(database).List(new(null, null, null, null, null), new(1, 50)).Rows.Select(entry => entry.Id));
        var verdict = database.Read(tx => AuditChain.Verify(tx, null));
        Assert.Equal((3, null), (verdict.Head.Sequence, verdict.Fault));
    }

    [Fact]
    public void Secrets_of_an_installation_with_one_hub_are_sealed_anew_to_their_hub()
    {
        var data = new DataDirectory(_folder.FullName);
        Migrator.Prepare(
            data, TimeProvider.System,
            [.. new[] { "0001_hub", "0002_sign_in", "0003_platforms" }.Select(
                name => File.ReadAllText(Repository.PathOf($"WgHub/Storage/Migrations/{name}.sql")))]);
        MasterKey.Make(data.MasterKeyFile);
        using var key = MasterKey.FromFile(data.MasterKeyFile);
        using (var old = Connections.Open(data.DatabaseFile, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        {
            old.Execute($"update meta set value = 'hub-1' where name = 'hub_id'");
            old.Execute($"insert into leases (spoke_id, hub_id, name, name_key, slot, address) values ('s', 'hub-1', 'oslo', 'OSLO', 2, '0.0.0.2')");
            old.Execute(
                $"insert into spokes (id, hub_id, token_id, os, enabled, notes, is_proxmox, metadata, registered_at) values ('s', 'hub-1', '', 'linux', true, '', false, '{{}}', 5)");
            old.Execute(
                $"insert into peers (hub_id, public_key, spoke_id, counter_received, counter_sent, received_bytes, sent_bytes, sealed_preshared_key) values ('hub-1', 'K', 's', 0, 0, 0, 0, {key.Seal("a preshared key", "peer:K:preshared-key")})");
        }

        using var database = new Database(data, TimeProvider.System);
        Assert.Equal((new HubId("hub-1"), "hub-1"), (database.OwnHub, database.InstallationId));

        // Twice: the second start finds it done.
        DatabaseKey.Open(data, database).Dispose();
        DatabaseKey.Open(data, database).Dispose();

        var text = database.Read(tx => tx.First($"select sealed_preshared_key from peers", row => row.Text("sealed_preshared_key")))!;
        Assert.Equal("a preshared key", key.Open(text, "peer:hub-1:K:preshared-key"));
    }

    [Fact]
    public void What_a_Proxmox_VE_node_told_of_itself_is_kept()
    {
        Upgraded("0004_many_hubs", old =>
        {
            old.Execute($"insert into clusters (id, hub_id, name, site, datacenter, description, created_at) values ('c', 'hub-1', 'home', '', '', '', 5)");
            AddSpoke(old, "node", 2, "{}");
            AddSpoke(old, "laptop", 3, "{}");
            old.Execute(
                $"update spokes set is_proxmox = true, proxmox_node = 'pve1', proxmox_version = '8.1.3', proxmox_cluster = 'home', cluster_id = 'c' where id = 'node'");
        });

        using var database = new Database(new(_folder.FullName), TimeProvider.System);

        Assert.Equal(["node pve1 8.1.3 home c"], database.Read(tx => tx.Query(
            $"select spoke_id, node, version, cluster_name, cluster_id from node_facts",
            row => string.Join(' ', row.Text("spoke_id"), row.Text("node"), row.Text("version"), row.Text("cluster_name"), row.Text("cluster_id")))));
    }

    [Fact]
    public void A_clock_that_an_install_script_told_is_taken_out_of_its_owners_metadata()
    {
        const string Script =
            """{"distribution":"debian","version":"12","clock":"1764300600","kernel":"6.1","arch":"x86_64","hostname":"oslo","wireguardVersion":"1.0"}""";
        const string Last = """{"hostname":"oslo","arch":"arm64","distribution":"macos","wireguardVersion":"1.0","clock":"1764299400"}""";
        const string Own = """{"clock":"1764300600","rack":"7"}""";
        Upgraded("0004_many_hubs", old =>
        {
            AddSpoke(old, "a", 2, Script);
            AddSpoke(old, "b", 3, Last);
            AddSpoke(old, "c", 4, Own);
            AddSpoke(old, "d", 5, Script);
            old.Execute($"update spokes set registered_at = 5 where id = 'd'");
            old.Execute(
                $"""
                insert into installation_tokens (id, hub_id, token_hash, spoke_id, spoke_name, address, created_by, created_at, expires_at, used_at, kind,
                    owner, tags)
                values ('t', 'hub-1', 'h', 'd', 'd', '0.0.0.5', 'cli', 5, 5, 1764300600000, 'reenrol', '', '')
                """);
        });

        using var database = new Database(new(_folder.FullName), TimeProvider.System);
        var spokes =
            database.Read(
                tx =>
                    tx.Query(
                        $"select clock_offset_seconds, metadata from spokes order by id",
                        row => (row.NumberOrNull("clock_offset_seconds"), row.Text("metadata"))));

        var rest = Script.Replace("\"clock\":\"1764300600\",", "", StringComparison.Ordinal);
        Assert.Equal([(600, rest), (-600, Last.Replace(",\"clock\":\"1764299400\"", "", StringComparison.Ordinal)), (null, Own), (0, rest)], spokes);
        Assert.Equal(0, database.Read(tx => tx.Count($"select count(*) from sqlite_master where name = 'told_clocks'")));
    }

    /// <summary>A database of an earlier release, with what was in it.</summary>
    /// <param name="last">The last migration that it had.</param>
    private void Upgraded(string last, Action<Tx> fill)
    {
        var data = new DataDirectory(_folder.FullName);
        var scripts = Directory.GetFiles(Repository.PathOf("WgHub/Storage/Migrations"))
            .Order(StringComparer.Ordinal)
            .TakeWhile(file => string.CompareOrdinal(Path.GetFileNameWithoutExtension(file), last) <= 0);
        Migrator.Prepare(data, TimeProvider.System, [.. scripts.Select(File.ReadAllText)]);
        using var old = Connections.Open(data.DatabaseFile, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite);
        fill(new(old, "", default, default, Actor.System));
    }

    private static void AddSpoke(Tx tx, string id, int slot, string metadata)
    {
        tx.Execute($"insert into leases (spoke_id, hub_id, name, name_key, slot, address) values ({id}, 'hub-1', {id}, {id}, {slot}, {$"0.0.0.{slot}"})");
        tx.Execute(
            $"insert into spokes (id, hub_id, token_id, os, enabled, notes, is_proxmox, metadata, registered_at) values ({id}, 'hub-1', '', 'linux', true, '', false, {metadata}, 1764300000000)");
    }
}
