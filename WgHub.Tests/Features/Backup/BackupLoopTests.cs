using System.Net;
using WgHub.Features.Backup.Age;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Features.Backup;

/// <summary>Backups by schedule. The hub makes the first one when it starts.</summary>
public sealed class BackupLoopTests : TimedHubTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _programs = Directory.CreateTempSubdirectory("wghub-after-");

    private string Kept => Path.Combine(Hub.Folder.FullName, "backups");

    private string Ran => Path.Combine(Hub.Folder.FullName, "ran");

    private protected override TestHub Make() => new()
    {
        Time = Time,
        Settings =
        {
            ["Backup:Recipient"] = $"{AgeX25519Identity.Make().Recipient}", ["Backup:Schedule"] = "30 3 * * *", ["Backup:Keep"] = "2",
            ["Backup:After"] = Program(),
        },
    };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Assert.True(await Eventually.TrueAsync(() => Directory.Exists(Kept) && Directory.GetFiles(Kept, "*.age").Length == 1, Patience, Cancel));
        Assert.True(await Eventually.TrueAsync(() => File.Exists(Ran), Patience, Cancel));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _programs.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task By_its_schedule_one_comes_each_night_and_the_oldest_go()
    {
        var loop = Hub.Get<BackupLoop>();
        for (var night = 0; night < 3; night++)
        {
            Time.Advance(TimeSpan.FromDays(1));
            await loop.RunOnceAsync(Cancel);
            await loop.RunOnceAsync(Cancel); // nothing is due
        }

        Time.Advance(TimeSpan.FromDays(1));

        var list = await Hub.Admin.GetAsync("/api/backups");
        Assert.Equal(2, list.At("backups").GetArrayLength());
        Assert.Equal(2, Directory.GetFiles(Kept).Length);
        Assert.True(list.At("late").GetBoolean());
        Assert.Equal(4, (await Hub.Viewer.GetAsync("/api/audit?event=backup.made")).At("total").GetInt32());
        Assert.Contains("The last good backup is too old", (await (await Hub.PersonAsync("admin")).GetAsync("/")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_each_a_program_is_run_with_its_path_and_told_when_it_fails()
    {
        var file = Assert.Single(Directory.GetFiles(Kept));
        Assert.True(await Eventually.TrueAsync(() => File.Exists(Ran), Patience, Cancel));
        Assert.Equal($"{file}\n", await File.ReadAllTextAsync(Ran, Cancel));

        var loop = Hub.Get<BackupLoop>();
        Directory.CreateDirectory(Path.Combine(Hub.Folder.FullName, "fail"));
        Time.Advance(TimeSpan.FromDays(1));
        await loop.RunOnceAsync(Cancel);
        Assert.True(await Eventually.TrueAsync( // the hub's own loop may be the one that runs it
            async () => (await Hub.Admin.GetAsync("/api/backups")).Text("afterFailure")!.Contains("no route to the moon", StringComparison.Ordinal),
            Patience, Cancel));
        Assert.Contains("no route to the moon", (await (await Hub.PersonAsync("admin")).GetAsync("/backups")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_backup_left_in_clear_goes_when_it_is_an_hour_old()
    {
        var (old, young) = (Hub.Folder.CreateSubdirectory("backup-draft-old"), Hub.Folder.CreateSubdirectory("backup-draft-young"));
        old.LastWriteTimeUtc = Time.GetUtcNow().UtcDateTime.AddHours(-2);
        young.LastWriteTimeUtc = Time.GetUtcNow().UtcDateTime;

        await Hub.Get<BackupLoop>().RunOnceAsync(Cancel);

        Assert.Equal((false, true), (Directory.Exists(old.FullName), Directory.Exists(young.FullName)));
    }

    [Fact]
    public async Task A_moment_of_a_wrong_clock_ends_no_backups()
    {
        var loop = Hub.Get<BackupLoop>();
        var now = Time.GetUtcNow();
        Time.Set(now.AddYears(10));
        await loop.RunOnceAsync(Cancel);
        Time.Set(now.AddDays(1));
        await loop.RunOnceAsync(Cancel);

        var list = (await Hub.Admin.GetAsync("/api/backups")).At("backups").EnumerateArray()
            .Select(one => one.GetProperty("madeAt").GetDateTimeOffset()).ToList();
        Assert.Contains(Time.GetUtcNow(), list);
        Assert.Equal(2, list.Count);
    }

    [Fact]
    public async Task A_schedule_that_never_worked_is_late_and_a_folder_that_nobody_can_read_breaks_no_page()
    {
        Directory.Delete(Kept, recursive: true);
        await File.WriteAllTextAsync(Kept, "", Cancel);
        Time.Advance(TimeSpan.FromHours(2));

        Assert.Contains("\nwireguard_hub_backup_late 1\n", (await Hub.Viewer.GetAsync("/metrics")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Equal("degraded", (await Hub.Nobody.GetAsync("/api/health")).Text("status"));
    }

    [Fact]
    public async Task One_that_cannot_be_made_is_told_once_and_tried_again_later()
    {
        Directory.Delete(Kept, recursive: true);
        await File.WriteAllTextAsync(Kept, "a file, where the folder should be", Cancel);
        var loop = Hub.Get<BackupLoop>();

        await Assert.ThrowsAsync<StorageException>(() => loop.RunOnceAsync(Cancel));
        await loop.RunOnceAsync(Cancel); // not yet again
        (await Hub.Admin.PostAsync("/api/backups", new { })).Expect(HttpStatusCode.ServiceUnavailable, "STORAGE_FAILED");

        Assert.Equal(1, (await Hub.Viewer.GetAsync("/api/audit?event=backup.failed")).At("total").GetInt32());
        Assert.Contains("No backup could be made", (await (await Hub.PersonAsync("admin")).GetAsync("/")).Body, StringComparison.Ordinal);
        File.Delete(Kept);
        Time.Advance(TimeSpan.FromMinutes(15));
        await loop.RunOnceAsync(Cancel);
        Assert.Single(Directory.GetFiles(Kept));
        Assert.Null((await Hub.Admin.GetAsync("/api/backups")).At("failure").GetString());
    }

    /// <summary>A program as an operator writes it.</summary>
    private string Program()
    {
        var file = Path.Combine(_programs.FullName, "after");
        File.WriteAllText(file, """
            #!/bin/sh
            here=$(dirname "$(dirname "$1")")
            [ ! -d "$here/fail" ] || { echo 'no route to the moon' >&2; exit 1; }
            echo "$1" >>"$here/ran"

            """);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return file;
    }
}
