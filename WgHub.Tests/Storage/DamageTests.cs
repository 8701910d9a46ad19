using System.Text;
using WgHub.TestKit;

namespace WgHub.Storage;

/// <summary>A file that cannot be trusted is not opened: the hub says what is wrong, and leaves the file to whoever can mend it.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-damage-");

    private DataDirectory Data => new(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public Task An_empty_file_is_not_taken_for_a_new_database() =>
        RefusedAsync(_ => [], "is empty. Put a backup in its place, or remove it, wghub.db-wal and wghub.db-shm to begin anew.");

    [Fact]
    public Task Another_programs_file_is_refused() => RefusedAsync(_ => Encoding.UTF8.GetBytes(new string('x', 10_000)), "is damaged.");

    [Fact]
    public Task Half_a_file_is_refused() => RefusedAsync(whole => whole[..(whole.Length / 2)], "is damaged.");

    [Fact]
    public Task A_hole_in_the_middle_is_found() => RefusedAsync(whole => [.. whole[..20_000], .. new byte[20_000], .. whole[40_000..]], "is damaged.");

    [Fact]
    public Task A_broken_header_is_refused() => RefusedAsync(whole => [.. new byte[16], .. whole[16..]], "is damaged.");

    [Fact]
    public Task A_database_of_another_program_is_refused() =>
        RefusedAsync(whole => [.. whole[..68], .. new byte[4], .. whole[72..]], "was not made by WgHub."); // bytes 68 to 71 are the application id

    [Fact]
    public async Task A_disk_that_cannot_be_written_to_is_refused()
    {
        await using var disk = await SmallDisk.MountAsync(4);
        var data = new DataDirectory(disk.Folder.FullName);
        new Database(data, TimeProvider.System).Dispose();
        await Wg.RunAsync($"mount -o remount,ro {disk.Folder.FullName}");

        Assert.Contains("may be read-only", Assert.Throws<StorageException>(() => new Database(data, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(Func<byte[], byte[]> damage, string words)
    {
        using (var database = new Database(Data, TimeProvider.System))
        {
            await database.WriteAsync(
                db =>
                {
                    for (var i = 0; i < 1000; i++)
                    {
                        db.Execute($"insert into meta (name, value) values ({$"row {i}"}, {new string('v', 100)})");
                    }
                },
                Cancel);
        }

        var damaged = damage(await File.ReadAllBytesAsync(Data.DatabaseFile, Cancel));
        await File.WriteAllBytesAsync(Data.DatabaseFile, damaged, Cancel);

        var refusal = Assert.Throws<StorageException>(() => new Database(Data, TimeProvider.System));

        Assert.EndsWith(words, refusal.Message.Replace(" Put a backup in its place.", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.FullName, refusal.ToString().Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(Data.DatabaseFile, Cancel));
    }
}
