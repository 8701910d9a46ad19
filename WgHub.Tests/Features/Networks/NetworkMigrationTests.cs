using Microsoft.Data.Sqlite;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Features.Networks;

/// <summary>What an import brought before there were networks stands in the text of a spoke: it becomes networks.</summary>
public sealed class NetworkMigrationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-networks-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_networks_of_spokes_come_along_each_with_a_name()
    {
        var data = new DataDirectory(_folder.FullName);
        var scripts = Directory.GetFiles(Repository.PathOf("WgHub/Storage/Migrations")).Order(StringComparer.Ordinal).Select(File.ReadAllText).ToList();
        var last = scripts.FindIndex(script => script.Contains("create table networks", StringComparison.Ordinal));
        Migrator.Prepare(data, TimeProvider.System, scripts[..last]);
        using (var db = Connections.Open(data.DatabaseFile, SqliteOpenMode.ReadWrite))
        {
            Add(db, 1, "Anna", "10.20.0.0/16,192.168.7.0/24,172.16.5.4/32");
            Add(db, 2, "idle", "");
            Add(db, 3, new string('x', 63), "10.30.0.0/16");
        }

        using var database = new Database(data, TimeProvider.System);

        var all = new NetworkStore(database).All(new("hub"));
        Assert.Equal(
            ["Anna-10.20.0.0-16", "Anna-172.16.5.4-32", "Anna-192.168.7.0-24", $"{new string('x', 40)}-10.30.0.0-16"],
            all.Select(network => network.Name.Text));
        Assert.All(all, network => Assert.Equal((network.Via, false, false), (network.Active, network.IsBehindHub, network.Masquerade)));
        Assert.Equal("10.20.0.0/16 behind Anna", $"{all[0].Cidr} behind {all[0].Behind}");
    }

    private static void Add(SqliteConnection db, int number, string name, string networks)
    {
        var (id, address) = ($"spoke-{number}", $"10.8.0.{number}");
        db.Execute($"insert into leases (spoke_id, hub_id, name, name_key, slot, address) values ({id}, 'hub', {name}, {name}, {number}, {address})");
        db.Execute(
            $$"""
            insert into spokes (id, hub_id, token_id, os, enabled, notes, metadata, registered_at, networks)
            values ({{id}}, 'hub', '', 'linux', true, '', '{}', 1700000000000, {{networks}})
            """);
        var key = Wg.NewKey();
        db.Execute(
            $"""
            insert into peers (hub_id, public_key, spoke_id, counter_received, counter_sent, received_bytes, sent_bytes) values ('hub', {key}, {id}, 0, 0, 0, 0)
            """);
    }
}
