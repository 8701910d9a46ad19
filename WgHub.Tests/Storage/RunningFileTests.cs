using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>What operators do with the files while the hub runs: it is seen, nothing is acknowledged any more, and what was is saved.</summary>
public sealed class RunningFileTests : FileTest
{
    [Theory]
    [InlineData("wghub.db")]
    [InlineData("wghub.db wghub.db-wal wghub.db-shm")]
    [InlineData("wghub.db-wal")]
    public async Task What_is_removed_under_a_running_hub_is_seen_and_saved(string files)
    {
        string sentence;
        using (var database = Open())
        {
            await AddAsync(database, 0, 100);
            foreach (var file in files.Split(' '))
            {
                File.Delete(Path.Combine(Folder.FullName, file));
            }

            sentence = (await Assert.ThrowsAsync<StorageException>(() => AddAsync(database, 100, 1))).Message;
            Assert.Equal(sentence, database.Lost);
            Assert.Equal(sentence, (await Assert.ThrowsAsync<StorageException>(() => database.CheckFilesAsync(Cancel))).Message);
        }

        var rescued = Assert.Single(Folder.GetFiles("wghub-rescued-*.db"));
        Assert.Contains(rescued.Name, sentence, StringComparison.Ordinal);
        if (!File.Exists(Data.DatabaseFile))
        {
            Assert.StartsWith("There is no database file wghub.db, but ", Assert.Throws<StorageException>(Open).Message, StringComparison.Ordinal);
        }

        File.Delete(Data.LogFile);
        rescued.MoveTo(Data.DatabaseFile, overwrite: true);
        using var again = Open();
        Assert.InRange(Count(again), 100, 101); // what was refused may have happened
    }

    [Fact]
    public async Task A_backup_moved_over_a_running_hub_is_seen_and_left_as_it_is()
    {
        await RunAsync(0, 100);
        File.Copy(Data.DatabaseFile, Backup);
        var backup = await File.ReadAllBytesAsync(Backup, Cancel);
        using (var database = Open())
        {
            await AddAsync(database, 100, 50);
            File.Move(Backup, Data.DatabaseFile, overwrite: true);

            await Assert.ThrowsAsync<StorageException>(() => database.CheckFilesAsync(Cancel));
        }

        Assert.Equal(backup, await File.ReadAllBytesAsync(Data.DatabaseFile, Cancel));
        using var again = Open();
        Assert.Equal(100, Count(again));
        Assert.Single(Folder.GetFiles("wghub-rescued-*.db"));
    }

    [Fact]
    public async Task A_backup_copied_over_a_running_hub_is_seen_and_left_as_it_is()
    {
        await RunAsync(0, 100);
        File.Copy(Data.DatabaseFile, Backup);
        var backup = await File.ReadAllBytesAsync(Backup, Cancel);
        using (var database = Open())
        {
            await AddAsync(database, 100, 50);
            await database.CheckFilesAsync(Cancel);
            await using (var file = new FileStream(Data.DatabaseFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            {
                await file.WriteAsync(backup, Cancel);
                file.SetLength(backup.Length);
            }

            var refusal = await Assert.ThrowsAsync<StorageException>(() => database.CheckFilesAsync(Cancel));
            Assert.Contains("was overwritten", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(backup, await File.ReadAllBytesAsync(Data.DatabaseFile, Cancel));
        using var again = Open();
        Assert.Equal(100, Count(again));
    }

    /// <summary>A backup, for instance, that copies the file while it reads: the log cannot be brought in then, once or many times.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public async Task A_reader_that_holds_the_log_up_from_the_start_is_no_alarm(int rows)
    {
        using (Open())
        {
            // makes the file, without a mark yet
        }

        using var reader = Connections.Open(Data.DatabaseFile, SqliteOpenMode.ReadOnly);
        reader.Execute($"begin");
        reader.Count($"select count(*) from meta");
        using var hub = Open();
        await AddAsync(hub, 0, rows);
        await hub.CheckFilesAsync(Cancel);

        CopyAsKilled();
        using (var again = new Database(new(Killed.FullName), TimeProvider.System))
        {
            Assert.Equal((rows, null), (Count(again), again.LogPutAside));
        }

        reader.Execute($"commit");
        await AddAsync(hub, rows, 5_000);
        await hub.CheckFilesAsync(Cancel);
    }

    /// <summary>
    /// A log that was brought in by half leaves a file that is none by itself: it may say that it has a page more than it is long.
    /// </summary>
    [Fact]
    public void A_log_that_a_reader_lets_in_by_half_is_no_alarm()
    {
        using (Open())
        {
            // makes the file
        }

        using var writer = Connections.Open(Data.DatabaseFile, SqliteOpenMode.ReadWrite);
        using var reader = Connections.Open(Data.DatabaseFile, SqliteOpenMode.ReadOnly);
        writer.Execute($"create table filler (text text)");
        WriteAheadLog.Rotate(writer);
        for (var round = 0; round < 100; round++)
        {
            Fill();
            reader.Execute($"begin");
            _ = reader.Count($"select count(*) from filler");
            Fill();

            Assert.False(WriteAheadLog.Rotate(writer));
            Assert.True(WriteAheadLog.FitsFile(writer, Data.DatabaseFile), $"round {round}");
            reader.Execute($"commit");
        }

        void Fill() => writer.Execute($"insert into filler (text) values ({new string('v', 300)})");
    }

    [Fact]
    public async Task Processes_that_bring_their_log_in_at_once_leave_one_that_fits()
    {
        const int Rounds = 150;
        using (Open())
        {
            // makes the file
        }

        await Task.WhenAll(Enumerable.Range(0, 3).Select(process => Task.Run(() =>
        {
            using var connection = Connections.Open(Data.DatabaseFile, SqliteOpenMode.ReadWrite);
            for (var round = 0; round < Rounds; round++)
            {
                connection.InTransaction(
                    () => connection.Execute($"insert into meta (name, value) values ({$"row {process}-{round}"}, {new string('v', 9_000)})"));
                WriteAheadLog.Rotate(connection);
                Assert.True(WriteAheadLog.FitsFile(connection, Data.DatabaseFile));
            }

            connection.LeaveLog(true);
        })));

        using var again = Open();
        Assert.Equal((3 * Rounds, null), (Count(again), again.LogPutAside));
    }

    /// <summary>A command beside a running hub brings the log in as well.</summary>
    [Fact]
    public async Task Two_processes_share_a_log()
    {
        using var hub = Open();
        await AddAsync(hub, 0, 100);
        using (var command = Open())
        {
            await AddAsync(command, 1_000, 5_000);
            await AddAsync(hub, 10_000, 100);
        }

        await AddAsync(hub, 20_000, 5_000);
        await hub.CheckFilesAsync(Cancel);
        Assert.Equal(10_200, Count(hub));
        CopyAsKilled();
        var killed = new DataDirectory(Killed.FullName);
        using var again = new Database(killed, TimeProvider.System);
        Assert.Equal((10_200, null), (Count(again), again.LogPutAside));
    }

    /// <summary>On a slow machine somebody reads just when a hub starts, so that its log cannot be brought into the file then.</summary>
    [Fact]
    public async Task Readers_who_keep_a_log_from_its_end_at_each_start_are_no_replaced_file()
    {
        for (var start = 0; start < 3; start++)
        {
            using var database = Open();
            using var reader = Connections.Open(Data.DatabaseFile, SqliteOpenMode.ReadWrite);
            reader.Execute($"begin");
            _ = reader.Count($"select count(*) from meta");

            await AddAsync(database, start * 10, 10);
            await database.CheckFilesAsync(Cancel);
        }

        await KillAsync(30, 10);
        using var again = Open();
        Assert.Null(again.LogPutAside);
        Assert.Equal(40, Count(again));
    }

    /// <summary>Each rotation finds another reader: the second brings the first one's mark into the file, and not its own.</summary>
    [Fact]
    public async Task Readers_who_keep_a_log_from_its_end_one_after_the_other_are_no_replaced_file()
    {
        await RunAsync(0, 10);
        using var writer = Connections.Open(Data.DatabaseFile, SqliteOpenMode.ReadWrite);
        Change(writer, 0);
        var reader = Reader();
        for (var round = 1; round < 4; round++)
        {
            Change(writer, round);
            Assert.False(WriteAheadLog.Rotate(writer));
            Assert.True(WriteAheadLog.FitsFile(writer, Data.DatabaseFile));
            var next = Reader();
            reader.Dispose();
            reader = next;
        }

        reader.Dispose();
        Assert.True(WriteAheadLog.Rotate(writer));
        Assert.True(WriteAheadLog.FitsFile(writer, Data.DatabaseFile));

        SqliteConnection Reader()
        {
            var connection = Connections.Open(Data.DatabaseFile, SqliteOpenMode.ReadWrite);
            connection.Execute($"begin");
            _ = connection.Count($"select count(*) from meta");
            return connection;
        }

        static void Change(SqliteConnection connection, int number) =>
            connection.Execute($"insert into meta (name, value) values ({$"change {number}"}, '')");
    }
}
