using System.Net;
using WgHub.TestKit;

namespace WgHub.Storage;

public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_loses_nothing_and_is_got_over()
    {
        await using var disk = await SmallDisk.MountAsync(8);
        using var database = new Database(new(disk.Folder.FullName), TimeProvider.System);
        await AddAsync(database, 0);
        disk.Fill();

        var number = 1;
        var refusal = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            for (; number < 100; number++)
            {
                await AddAsync(database, number);
            }
        });
        var kept = Count(database);
        disk.Free();
        await AddAsync(database, 1000);

        Assert.Equal("The disk is full.", refusal.Message);
        Assert.Equal(number, kept);                      // 0 to number - 1, each of them acknowledged
        Assert.Equal(number + 1, Count(database));
        Assert.Equal("ok", database.Read(db => db.First($"pragma integrity_check", row => row.Text("integrity_check"))));
    }

    [Fact]
    public async Task The_API_says_that_the_disk_is_full_and_the_same_call_works_afterwards()
    {
        await using var disk = await SmallDisk.MountAsync(16);
        await using var hub = new TestHub { Folder = disk.Folder.CreateSubdirectory("data") };
        await hub.InitializeAsync();
        disk.Fill();

        var name = "";
        Answer answer;
        do
        {
            name = Enrolling.NewName();
            answer = await hub.Operator.PostAsync("/api/installation/token", new { spokeName = name });
        }
        while (answer.Status == HttpStatusCode.Created); // what SQLite has of the disk already is used up first

        answer.Expect(HttpStatusCode.ServiceUnavailable, "STORAGE_FAILED");
        Assert.Equal("The disk is full.", answer.Text("error"));
        (await hub.Viewer.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.OK);
        (await hub.Nobody.GetAsync("/readyz")).Expect(HttpStatusCode.OK);
        disk.Free();
        (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = name })).Expect(HttpStatusCode.Created);
    }

    private static Task AddAsync(Database database, int number) =>
        database.WriteAsync(db => db.Execute($"insert into meta (name, value) values ({$"row {number}"}, {new string('v', 100_000)})"), Cancel);

    private static long Count(Database database) => database.Read(db => db.Count($"select count(*) from meta where name like 'row %'"));
}
