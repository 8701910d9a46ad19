using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Names;

/// <summary>Where the file cannot be written, the one that lies there stays whole, it is told, and tried again.</summary>
public sealed class HostsTroubleTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-names-");
    private TestHub? _hub;

    private string HostsPath => Path.Combine(_folder.FullName, "names");

    private NamesState State => _hub!.Get<NamesState>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await (_hub?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_full_disk_keeps_the_file_that_is_there_and_the_next_pass_mends_it()
    {
        await using var disk = await SmallDisk.MountAsync(1);
        var path = Path.Combine(disk.Folder.FullName, "names");
        var hub = await StartAsync(path);
        var before = await File.ReadAllTextAsync(path, Cancel);
        await hub.EnrolAsync("late");
        disk.Fill();

        await PassAsync();
        Assert.NotNull(State.Failure);
        Assert.Equal(before, await File.ReadAllTextAsync(path, Cancel));
        Assert.Equal(["ballast", "names"], disk.Folder.GetFiles().Select(file => file.Name).Order());

        disk.Free();
        await PassAsync();
        Assert.Null(State.Failure);
        Assert.Contains(" late", await File.ReadAllTextAsync(path, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_told_and_waited_for()
    {
        var path = Path.Combine(_folder.FullName, "later", "names");
        await StartAsync(path);
        Assert.Contains("later", State.Failure, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await PassAsync();

        Assert.Null(State.Failure);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task A_file_of_somebody_elses_is_left_as_it_is()
    {
        await File.WriteAllTextAsync(HostsPath, "127.0.0.1 localhost\n", Cancel);

        await StartAsync(HostsPath);

        Assert.Contains("not of this hub", State.Failure, StringComparison.Ordinal);
        Assert.Equal("127.0.0.1 localhost\n", await File.ReadAllTextAsync(HostsPath, Cancel));
    }

    [Fact]
    public async Task Nowhere_is_nowhere()
    {
        var hub = await StartAsync("");

        Assert.Empty(hub.Folder.GetFiles("*hosts*"));
        Assert.Null(State.Failure);
    }

    [Fact]
    public async Task Without_a_domain_names_stand_alone_and_spokes_are_told_none()
    {
        var hub = await StartAsync(HostsPath);
        (await hub.Admin.PutAsync("/api/hub/config", new { dns = new[] { "9.9.9.9" } })).Expect(HttpStatusCode.OK);
        var spoke = await hub.EnrolAsync("alone");
        await PassAsync();

        Assert.Contains($"{spoke.Address} alone\n", await File.ReadAllTextAsync(HostsPath, Cancel), StringComparison.Ordinal);
        Assert.Null((await hub.Viewer.GetAsync("/api/hub/config")).At("searchDomain").GetString());
    }

    private async Task<TestHub> StartAsync(string path)
    {
        _hub = new() { Settings = { ["Policy:HostsFile"] = path } };
        await _hub.InitializeAsync();
        await PassAsync();
        return _hub;
    }

    private Task PassAsync() => _hub!.Get<HostsLoop>().RunOnceAsync(Cancel);
}
