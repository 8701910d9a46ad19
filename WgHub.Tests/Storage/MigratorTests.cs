using Microsoft.Data.Sqlite;
using WgHub.TestKit;

namespace WgHub.Storage;

public sealed class MigratorTests : IDisposable
{
    private const string First = "create table meta (name text primary key, value text not null);";
    private const string Second = "alter table meta add column note text;";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-migrator-");

    private DataDirectory Data => new(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Such as a backup by the binary that is to be put in place.</summary>
    [Fact]
    public async Task A_newer_command_does_not_change_the_database_under_an_older_hub()
    {
        Migrator.Prepare(Data, TimeProvider.System, [First]);
        var log = Path.Combine(Data.Directory, "flock.log");
        using var hub = ShellProcess.Start(["flock", "-F", Data.LockFile, "sleep", "60"], log, new Dictionary<string, string>());
        Assert.True(await Eventually.TrueAsync(() => DataLock.IsHeldElsewhere(Data), TimeSpan.FromSeconds(10), Cancel));

        var refusal = Assert.Throws<StorageException>(() => Migrator.Prepare(Data, TimeProvider.System, [First, Second]));

        Assert.StartsWith("A hub of an older version runs", refusal.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Data.Directory, "*.db"));
        hub.Kill();
        Assert.True(await Eventually.TrueAsync(() => !DataLock.IsHeldElsewhere(Data), TimeSpan.FromSeconds(10), Cancel));
        Migrator.Prepare(Data, TimeProvider.System, [First, Second]);
    }

    [Fact]
    public void A_database_keeps_its_ids_and_they_are_two()
    {
        using var made = new Database(Data, TimeProvider.System);
        using var opened = new Database(Data, TimeProvider.System);

        Assert.All([made.InstallationId, made.OwnHub.Value], id => Assert.Equal(7, Guid.Parse(id).Version));
        Assert.NotEqual(made.InstallationId, made.OwnHub.Value);
        Assert.Equal((made.InstallationId, made.OwnHub), (opened.InstallationId, opened.OwnHub));
    }

    [Fact]
    public async Task Many_who_start_at_once_make_one_database()
    {
        var hubs = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
        {
            using var database = new Database(Data, TimeProvider.System);
            return database.OwnHub;
        })));

        Assert.Single(hubs.Distinct());
    }

    [Fact]
    public void A_newer_schema_is_refused_and_left_alone()
    {
        Migrator.Prepare(Data, TimeProvider.System, [First, Second]);
        var before = File.ReadAllBytes(Data.DatabaseFile);

        var refusal = Assert.Throws<StorageException>(() => Migrator.Prepare(Data, TimeProvider.System, [First]));

        Assert.Equal("The database has schema 2, this wghub knows 1. Run the newer wghub again, or restore the copy made before its upgrade.", refusal.Message);
        Assert.Equal(before, File.ReadAllBytes(Data.DatabaseFile));
    }

    [Fact]
    public void An_older_schema_is_copied_and_then_brought_forward()
    {
        Migrator.Prepare(Data, TimeProvider.System, [First]);
        Write($"insert into meta (name, value) values ('colour', 'blue')");

        Migrator.Prepare(Data, new ManualTime(), [First, Second]);

        var copy = Assert.Single(_folder.GetFiles("wghub-schema*"));
        Assert.Equal("wghub-schema1-20261121T120000Z.db", copy.Name);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, copy.UnixFileMode);
        Assert.Equal((1, "blue", 2), Look(copy.FullName));
        Assert.Equal((2, "blue", 3), Look(Data.DatabaseFile));
    }

    [Fact]
    public void What_is_up_to_date_is_not_copied()
    {
        Migrator.Prepare(Data, TimeProvider.System, [First]);
        Migrator.Prepare(Data, TimeProvider.System, [First]);

        Assert.Empty(_folder.GetFiles("wghub-schema*"));
    }

    [Fact]
    public void A_migration_that_fails_changes_nothing()
    {
        Migrator.Prepare(Data, TimeProvider.System, [First]);
        Write($"insert into meta (name, value) values ('colour', 'blue')");

        Assert.Throws<StorageException>(
            () => Migrator.Prepare(Data, TimeProvider.System, [First, Second + " update meta set value = 'red'; create nonsense;"]));

        Assert.Equal((1, "blue", 2), Look(Data.DatabaseFile));
    }

    private void Write(Sql sql)
    {
        using var db = Connections.Open(Data.DatabaseFile, SqliteOpenMode.ReadWrite);
        db.Execute(sql);
    }

    /// <summary>Schema version, a value, and how many columns there are.</summary>
    private static (long Version, string? Colour, long Columns) Look(string file)
    {
        using var db = Connections.Open(file, SqliteOpenMode.ReadWrite);
        return (
            db.Count($"pragma user_version"),
            db.First($"select value from meta where name = 'colour'", row => row.Text("value")),
            db.Count($"select count(*) from pragma_table_info('meta')"));
    }
}
