using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>A spoke's disk: its own layer, in memory, over a rootfs that all spokes share. It outlives a power cycle.
/// Large enough for a hub that is upgraded: five files of a hundred megabytes.</summary>
internal sealed class LabDisk(string folder) : IAsyncDisposable
{
    public string Root => Path.Combine(folder, "root");

    public async Task MountAsync(string rootfs, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        (await Shell.RunAsync(["mount", "-t", "tmpfs", "-o", "size=1500m,mode=755", "tmpfs", folder], cancel)).OrThrow();
        var (upper, work) = (Path.Combine(folder, "upper"), Path.Combine(folder, "work"));
        foreach (var layer in (string[])[upper, work, Root])
        {
            Directory.CreateDirectory(layer);
        }

        (await Shell.RunAsync(["mount", "-t", "overlay", "-o", $"lowerdir={rootfs},upperdir={upper},workdir={work}", "overlay", Root], cancel)).OrThrow();
    }

    public async ValueTask DisposeAsync() => await Shell.RunAsync(["umount", "--recursive", folder], CancellationToken.None);
}
