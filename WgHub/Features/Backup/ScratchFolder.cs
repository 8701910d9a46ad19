using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Backup;

/// <summary>
/// A folder for what is in a backup in clear, inside the data directory: as private as that, and on a disk that has room for it. Gone when it
/// is disposed.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string Prefix = "backup-draft-";

    /// <summary>Longer than any backup takes: what is older was left by a process that was killed.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public ScratchFolder(DataDirectory data, TimeProvider time)
    {
        Sweep(data, time);
        Path = System.IO.Path.Combine(data.Directory, $"{Prefix}{Guid.NewGuid():N}");
        PrivateFiles.CreateFolder(Path);
        Privileges.GiveToOwnerOfFolder(Path);
    }

    public string Path { get; }

    /// <summary>Takes away what was left there. What does not go keeps no backup from being made.</summary>
    public static void Sweep(DataDirectory data, TimeProvider time)
    {
        foreach (var old in new DirectoryInfo(data.Directory).EnumerateDirectories($"{Prefix}*").Where(old => time.GetUtcNow() - old.LastWriteTimeUtc > Life))
        {
            try
            {
                old.Delete(recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, or in use: the next one tries again.
            }
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
