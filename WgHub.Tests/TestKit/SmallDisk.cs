namespace WgHub.TestKit;

/// <summary>A disk of a few megabytes that can be filled up. It lives in the mount namespace of the tests.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(DirectoryInfo folder) => Folder = folder;

    public DirectoryInfo Folder { get; }

    private string Ballast => Path.Combine(Folder.FullName, "ballast");

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("wghub-disk-");
        (await Shell.RunAsync(["mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder.FullName], TestContext.Current.CancellationToken)).OrThrow();
        return new(folder);
    }

    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // "No space left on device": that is what was wanted.
        }
    }

    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await Shell.RunAsync(["umount", "--lazy", Folder.FullName], CancellationToken.None);
        Folder.Delete();
    }
}
