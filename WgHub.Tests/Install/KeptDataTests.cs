using Microsoft.Data.Sqlite;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Install;

/// <summary>The copy that an upgrade goes back to: whole, with its key, once; and put back wherever the step before was cut short.</summary>
public sealed class KeptDataTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-kept-");

    public KeptDataTests()
    {
        Write("before");
        File.WriteAllText(Data.MasterKeyFile, "key");
    }

    private DataDirectory Data => new(_folder.FullName);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void What_was_kept_comes_back_and_what_was_there_is_put_aside_once()
    {
        KeptData.Keep(Data);
        Spoil();
        var aside = KeptData.PutBack(Data, TimeProvider.System);

        Assert.Equal("before", Read());
        Assert.Equal("key", File.ReadAllText(Data.MasterKeyFile));
        Assert.Equal("junk", File.ReadAllText(Path.Combine(aside!, "wghub.db")));
        Assert.Null(KeptData.PutBack(Data, TimeProvider.System)); // done already
        Write("later");
        KeptData.Keep(Data);
        Spoil();
        Assert.Equal(aside, KeptData.PutBack(Data, TimeProvider.System));
        Assert.Equal("later", Read());
        Assert.Equal(["after-failed-upgrade"], _folder.GetDirectories().Select(folder => folder.Name));
    }

    [Fact]
    public void A_copy_is_made_anew_and_taken_away()
    {
        KeptData.Keep(Data);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "before-upgrade-draft")); // of one that was killed
        Write("again");
        KeptData.Keep(Data);
        Write("spoilt");
        KeptData.PutBack(Data, TimeProvider.System);
        Assert.Equal("again", Read());

        KeptData.Keep(Data);
        KeptData.Drop(Data);
        Assert.Null(KeptData.PutBack(Data, TimeProvider.System));
        Assert.Equal("again", Read());
    }

    [Fact]
    public void A_hub_that_runs_keeps_its_data()
    {
        using (var held = new DataLock(Data))
        {
            Assert.Throws<StorageException>(() => KeptData.Keep(Data));
            Assert.Throws<StorageException>(() => KeptData.PutBack(Data, TimeProvider.System));
        }

        Assert.True(KeptData.BytesNeeded(Data) > 2 * new FileInfo(Data.DatabaseFile).Length);
    }

    private void Spoil()
    {
        File.WriteAllText(Data.DatabaseFile, "junk");
        File.Delete(Data.MasterKeyFile);
    }

    private void Write(string word)
    {
        PrivateFiles.Enforce();
        using var connection = Connections.Open(Data.DatabaseFile, SqliteOpenMode.ReadWriteCreate);
        connection.Execute($"create table if not exists words (word text)");
        connection.Execute($"delete from words");
        connection.Execute($"insert into words values ({word})");
    }

    private string Read()
    {
        using var connection = Connections.Open(Data.DatabaseFile, SqliteOpenMode.ReadOnly);
        return connection.First($"select word from words", row => row.Text("word"))!;
    }
}
