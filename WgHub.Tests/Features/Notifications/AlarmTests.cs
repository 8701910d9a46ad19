using WgHub.Features.Hub;
using WgHub.TestKit;

namespace WgHub.Features.Notifications;

/// <summary>What is wrong for longer than a moment, on a disk that fills up for real.</summary>
public sealed class AlarmTests : IAsyncLifetime
{
    private SmallDisk _disk = null!;
    private TestHub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _disk = await SmallDisk.MountAsync(64);
        _hub = new TestHub { Folder = _disk.Folder.CreateSubdirectory("data"), Settings = { ["Notifications:AllowLoopback"] = "true" } };
        await _hub.InitializeAsync();
        await _hub.Get<AlarmLoop>().StopAsync(Cancel);
        await LookAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _disk.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_disk_that_is_nearly_full_is_told_once_and_so_is_its_end()
    {
        await LookAsync(times: 3);
        Assert.Empty(Told());
        var ballast = Path.Combine(_disk.Folder.FullName, "nearly");
        await File.WriteAllBytesAsync(ballast, new byte[(int)(new DriveInfo(_disk.Folder.FullName).AvailableFreeSpace - 2_000_000)], Cancel);
        await LookAsync();
        Assert.Empty(Told()); // it may be a moment
        await LookAsync(times: 3);
        Assert.Equal(["disk.low"], Told());
        File.Delete(ballast);
        await LookAsync(times: 4);
        Assert.Equal(["disk.low", "disk.low.ended"], Told());
    }

    [Fact]
    public async Task An_interface_that_fails_for_a_moment_is_not_told()
    {
        var state = _hub.Get<HubState>();
        state.Failed(TimeProvider.System.GetUtcNow(), "wg said no");
        await LookAsync();
        await _hub.ReconcileAsync();
        await LookAsync(times: 3);
        Assert.Empty(Told());
    }

    [Fact]
    public async Task On_a_full_disk_nothing_is_lost_and_nobody_is_told_over_and_over()
    {
        await using var receiver = new Receiver();
        var made = (await _hub.Admin.PostAsync(
            "/api/notifications", new { name = "a", kind = "webhook", target = receiver.Url("/slow"), events = new[] { "token.created" } }))
            .Expect(System.Net.HttpStatusCode.Created);
        await _hub.TokenAsync();
        Assert.True(await Eventually.TrueAsync(() => receiver.All.Count == 1, TimeSpan.FromSeconds(20), Cancel));
        _disk.Fill(); // it has been sent, and its answer is yet to come
        await Task.Delay(TimeSpan.FromSeconds(9), TimeProvider.System, Cancel);
        Assert.Single(receiver.All);

        _disk.Free();
        await _hub.TokenAsync();
        Assert.True(await Eventually.TrueAsync(() => receiver.All.Count >= 2, TimeSpan.FromSeconds(30), Cancel));
        Assert.True(await Eventually.TrueAsync(
            async () => (await _hub.Admin.GetAsync($"/api/notifications/{made.Text("channel", "id")}/deliveries?state=delivered"))
                .At("deliveries").GetArrayLength() == 2,
            TimeSpan.FromSeconds(30), Cancel));
        Assert.Equal(2, receiver.All.DistinctBy(one => one.Id).Count());
        Assert.Equal(2, receiver.All.Count);
    }

    private async Task LookAsync(int times = 1)
    {
        for (var time = 0; time < times; time++)
        {
            await _hub.Get<AlarmLoop>().RunOnceAsync(Cancel);
        }
    }

    private List<string> Told() => [.. _hub.Database.Read(tx => HappeningStore.After(tx, 0, 100)).Select(one => one.One!.Event.Name)];
}
