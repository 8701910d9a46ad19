using Microsoft.Data.Sqlite;
using WgHub.Hosting;

namespace WgHub.Storage;

/// <summary>
/// The one copy of a hub's database and key that an upgrade goes back to. It lies in the data directory, and is the owner's as all there. Every step
/// may be cut short and done again.
/// </summary>
internal static class KeptData
{
    private const string Kept = "before-upgrade";
    private const string Draft = "before-upgrade-draft";

    /// <summary>What a version left that was not ready: one, the last.</summary>
    private const string Failed = "after-failed-upgrade";

    private const long Spare = 16 * 1024 * 1024; // bytes; other files grow, too

    /// <summary>What an upgrade writes here: this copy, and the one that a newer version makes before it changes the schema.</summary>
    public static long BytesNeeded(DataDirectory data) =>
        Spare + (2 * new[] { data.DatabaseFile, data.LogFile }.Where(File.Exists).Sum(file => new FileInfo(file).Length));

    /// <summary>Makes the copy anew, while no hub runs. Nothing is made where there is no database.</summary>
    /// <exception cref="StorageException">A hub runs, or SQLite refused.</exception>
    public static void Keep(DataDirectory data)
    {
        using var held = new DataLock(data);
        Drop(data);
        if (!File.Exists(data.DatabaseFile))
        {
            return;
        }

        var draft = new DataDirectory(Path.Combine(data.Directory, Draft));
        PrivateFiles.CreateFolder(draft.Directory);
        try
        {
            using var connection = Connections.Open(data.DatabaseFile, SqliteOpenMode.ReadWrite);
            connection.LeaveLog(true);
            connection.CopyTo(draft.DatabaseFile);
        }
        catch (SqliteException exception)
        {
            throw StorageException.From(exception);
        }

        foreach (var file in new[] { data.MasterKeyFile, data.NextMasterKeyFile, data.SettingsFile }.Where(File.Exists))
        {
            File.Copy(file, Path.Combine(draft.Directory, Path.GetFileName(file)));
        }

        DataSwap.Sync(draft);
        Directory.Move(draft.Directory, PathOf(data, Kept));
        PrivateFiles.SyncFolderOf(draft.Directory);
    }

    /// <summary>Puts the copy in the place of what is there, if it was not done already. What was there is put aside.</summary>
    /// <returns>The folder that it is in now; null when there was no copy.</returns>
    /// <exception cref="StorageException">A hub runs.</exception>
    public static string? PutBack(DataDirectory data, TimeProvider time)
    {
        using var held = new DataLock(data); // one that was decided and cut short is brought to its end by this
        var kept = new DataDirectory(PathOf(data, Kept));
        if (!Directory.Exists(kept.Directory))
        {
            return null;
        }

        DataSwap.Decide(data, kept, time);
        if (DataSwap.Finish(data) is not { } former)
        {
            return null;
        }

        Delete(data, Failed);
        Directory.Move(PathOf(data, former), PathOf(data, Failed));
        return PathOf(data, Failed);
    }

    /// <summary>Takes the copy away: it is needed no longer.</summary>
    public static void Drop(DataDirectory data)
    {
        Delete(data, Draft);
        Delete(data, Kept);
    }

    private static void Delete(DataDirectory data, string folder)
    {
        if (Directory.Exists(PathOf(data, folder)))
        {
            Directory.Delete(PathOf(data, folder), recursive: true);
        }
    }

    private static string PathOf(DataDirectory data, string folder) => Path.Combine(data.Directory, folder);
}
