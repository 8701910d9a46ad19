using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>
/// What operators do with the files of a hub that is stopped or was killed: backups by copy, half copies, files removed. What was
/// acknowledged is in the file that they mean, or the start is refused and changes nothing.
/// </summary>
public sealed class ReplacedFileTests : FileTest
{
    /// <summary>Rows in a log that a process left when it was killed: few stay in the cache's pages, many change the whole file.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(500)]
    [InlineData(5_000)]
    public async Task A_backup_in_place_is_what_was_backed_up(int since)
    {
        await RunAsync(0, 100);
        File.Copy(Data.DatabaseFile, Backup);
        await KillAsync(100, since);
        File.Copy(Backup, Data.DatabaseFile, overwrite: true);

        using (var database = Open())
        {
            Assert.Equal(100, Count(database));
            Assert.StartsWith("wghub.db-wal-of-another-", database.LogPutAside, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(Folder.FullName, database.LogPutAside!)));
            await AddAsync(database, 100_000, 1);
        }

        using var again = Open();
        Assert.Equal(101, Count(again));
        Assert.Null(again.LogPutAside);
    }

    [Fact]
    public async Task A_backup_is_moved_or_linked_into_place_as_well()
    {
        await RunAsync(0, 100);
        File.Copy(Data.DatabaseFile, Backup);
        await KillAsync(100, 50);
        File.Move(Backup, Data.DatabaseFile, overwrite: true);

        using var database = Open();

        Assert.Equal(100, Count(database));
    }

    /// <summary>Such as the copy from before an upgrade, which is no file of bytes but one that SQLite wrote.</summary>
    [Fact]
    public async Task A_copy_that_SQLite_made_is_kept_apart_from_the_log_of_another()
    {
        await RunAsync(0, 100);
        using (var connection = Connections.Open(Data.DatabaseFile, SqliteOpenMode.ReadWrite))
        {
            connection.CopyTo(Backup);
        }

        await KillAsync(100, 50);
        File.Copy(Backup, Data.DatabaseFile, overwrite: true);

        using var database = Open();

        Assert.Equal(100, Count(database));
        Assert.Equal("wal", database.Read(tx => tx.First($"pragma journal_mode", row => row.Text("journal_mode"))));
    }

    /// <summary>Half a copy of a running hub: the file by itself, from before its log went on.</summary>
    [Fact]
    public async Task A_file_copied_while_the_hub_ran_never_gets_a_later_log()
    {
        await RunAsync(0, 100);
        using (var running = Open())
        {
            await AddAsync(running, 100, 50);
            File.Copy(Data.DatabaseFile, Backup);
            await AddAsync(running, 200, 5_000); // the log is brought in and begins anew
            CopyAsKilled();
        }

        Restore(Killed);
        File.Copy(Backup, Data.DatabaseFile, overwrite: true);

        using var database = Open();

        Assert.NotNull(database.LogPutAside);
        Assert.InRange(Count(database), 100, 150);
        Assert.Equal("ok", Integrity(database));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3_000)]
    public async Task A_log_that_aKilled_hub_left_is_its_own(int rows)
    {
        await RunAsync(0, 100);
        await KillAsync(100, rows);

        using (var database = Open())
        {
            Assert.Equal(100 + rows, Count(database));
            Assert.Null(database.LogPutAside);
        }

        await KillAsync(10_000, rows);
        using var again = Open();
        Assert.Equal(100 + (2 * rows), Count(again));
    }

    [Fact]
    public async Task A_file_and_its_log_copied_together_are_one_backup()
    {
        await RunAsync(0, 100);
        await KillAsync(100, 50);
        var elsewhere = Directory.CreateDirectory(Path.Combine(Folder.FullName, "elsewhere"));
        File.Copy(Data.DatabaseFile, Path.Combine(elsewhere.FullName, "wghub.db"));
        File.Copy(Data.LogFile, Path.Combine(elsewhere.FullName, "wghub.db-wal"));
        await KillAsync(1_000, 50);
        Restore(elsewhere);

        using var database = Open();

        Assert.Equal(150, Count(database));
    }

    [Fact]
    public async Task A_refused_start_changes_nothing()
    {
        await RunAsync(0, 1_000);
        await KillAsync(1_000, 50);
        var whole = await File.ReadAllBytesAsync(Data.DatabaseFile, Cancel);
        byte[] damaged = [.. whole[..20_000], .. new byte[20_000], .. whole[40_000..]];
        await File.WriteAllBytesAsync(Data.DatabaseFile, damaged, Cancel);
        var log = await File.ReadAllBytesAsync(Data.LogFile, Cancel);

        for (var start = 0; start < 2; start++)
        {
            Assert.Throws<StorageException>(Open);
            Assert.Equal(damaged, await File.ReadAllBytesAsync(Data.DatabaseFile, Cancel));
            Assert.Equal(log, await File.ReadAllBytesAsync(Data.LogFile, Cancel));
        }

        await File.WriteAllBytesAsync(Data.DatabaseFile, whole, Cancel);
        using var database = Open();
        Assert.Equal(1_050, Count(database));
    }

    [Fact]
    public async Task A_log_without_its_file_is_not_begun_anew_over()
    {
        await RunAsync(0, 100);
        await KillAsync(100, 50);
        File.Delete(Data.DatabaseFile);

        var refusal = Assert.Throws<StorageException>(Open);

        Assert.Contains("remove wghub.db-wal and wghub.db-shm too to begin anew", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Data.DatabaseFile));
        File.Delete(Data.LogFile);
        File.Delete(Data.LogIndexFile);
        using var anew = Open();
        Assert.Equal(0, Count(anew));
    }

    [Fact]
    public async Task A_journal_of_another_file_is_not_rolled_back_into_it()
    {
        await RunAsync(0, 100);
        await File.WriteAllBytesAsync(Data.JournalFile, [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7, .. new byte[4_096]], Cancel);

        using var database = Open();

        Assert.Equal(100, Count(database));
        Assert.False(File.Exists(Data.JournalFile));
    }
}
