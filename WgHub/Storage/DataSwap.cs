using WgHub.Hosting;

namespace WgHub.Storage;

/// <summary>
/// Puts other files in the place of those of a data directory: all or none, wherever it is cut short. They are made in a folder of their own
/// inside it, and one rename decides. From then on whoever takes the <see cref="DataLock"/> brings it to its end, before anything is opened.
/// </summary>
internal static class DataSwap
{
    private const string Draft = "restore-draft-";

    /// <summary>Decided. The files in the places are still the former ones.</summary>
    private const string Ready = "restore-ready-";

    /// <summary>The former ones are put aside; the new ones are going to their places.</summary>
    private const string Moving = "restore-moving-";

    private const string Former = "before-restore-";

    /// <summary>A folder for the new files. For the holder of the lock.</summary>
    public static DataDirectory Begin(DataDirectory data)
    {
        var draft = new DataDirectory(Path.Combine(data.Directory, $"{Draft}{Guid.NewGuid():N}"));
        PrivateFiles.CreateFolder(draft.Directory);
        return draft;
    }

    /// <summary>From here on the new files are those of the directory, also if this process ends now.</summary>
    /// <param name="draft">With a database and its master key, which nobody has open.</param>
    public static void Decide(DataDirectory data, DataDirectory draft, TimeProvider time)
    {
        Sync(draft);

        // Two within a second, or after the clock was set back: what an earlier one has put aside is not written over.
        var stamp = FileStamp.Now(time);
        for (var number = 2; Directory.Exists(Path.Combine(data.Directory, Former + stamp)); number++)
        {
            stamp = $"{FileStamp.Now(time)}-{number}";
        }

        Rename(draft.Directory, Path.Combine(data.Directory, Ready + stamp));
    }

    /// <summary>Makes the files of a draft durable.</summary>
    public static void Sync(DataDirectory draft)
    {
        foreach (var file in Directory.EnumerateFiles(draft.Directory))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
            stream.Flush(flushToDisk: true);
        }

        PrivateFiles.SyncFolderOf(draft.DatabaseFile);
    }

    /// <summary>True from the decision to the end.</summary>
    public static bool IsPending(DataDirectory data) => Find(data, Ready) is not null || Find(data, Moving) is not null;

    /// <summary>For whoever opens the database without the lock: from the decision to the end there may be none.</summary>
    /// <exception cref="StorageException">Somebody is at it.</exception>
    public static void FinishFor(DataDirectory data)
    {
        if (IsPending(data))
        {
            using var held = DataLock.TryTake(data) ?? throw new StorageException("A restore is being put in place. Try again in a moment.");
        }
    }

    /// <summary>Brings what was decided to its end, and takes away what was not. For the holder of the lock.</summary>
    /// <returns>The name of the folder that the former files are in now; null when nothing was put aside.</returns>
    /// <exception cref="IOException">It could not; the next one goes on.</exception>
    public static string? Finish(DataDirectory data)
    {
        foreach (var draft in Directory.EnumerateDirectories(data.Directory, $"{Draft}*"))
        {
            Directory.Delete(draft, recursive: true);
        }

        if (Find(data, Ready) is { } ready)
        {
            PutAside(data, ready);
        }

        if (Find(data, Moving) is not { } moving)
        {
            return null;
        }

        MoveAll(Directory.EnumerateFiles(moving), data.Directory);
        Directory.Delete(moving);
        PrivateFiles.SyncFolderOf(data.DatabaseFile);
        var former = Path.Combine(data.Directory, $"{Former}{Path.GetFileName(moving)[Moving.Length..]}");
        return Directory.Exists(former) ? Path.GetFileName(former) : null;
    }

    private static void PutAside(DataDirectory data, string ready)
    {
        var stamp = Path.GetFileName(ready)[Ready.Length..];
        IReadOnlyList<string> all =
            [data.DatabaseFile, data.LogFile, data.LogIndexFile, data.JournalFile, data.MasterKeyFile, data.NextMasterKeyFile, data.SettingsFile];
        var there = all.Where(File.Exists).ToList();
        if (there.Count > 0)
        {
            var former = Path.Combine(data.Directory, $"{Former}{stamp}");
            PrivateFiles.CreateFolder(former);
            Privileges.GiveToOwnerOfFolder(former);
            MoveAll(there, former);
        }

        Rename(ready, Path.Combine(data.Directory, $"{Moving}{stamp}"));
    }

    private static void MoveAll(IEnumerable<string> files, string folder)
    {
        foreach (var file in files.ToList())
        {
            File.Move(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        PrivateFiles.SyncFolderOf(Path.Combine(folder, "any"));
    }

    private static void Rename(string from, string to)
    {
        Directory.Move(from, to);
        PrivateFiles.SyncFolderOf(to);
    }

    private static string? Find(DataDirectory data, string prefix) =>
        Directory.Exists(data.Directory) ? Directory.EnumerateDirectories(data.Directory, $"{prefix}*").Order(StringComparer.Ordinal).FirstOrDefault() : null;
}
