namespace WgHub.Storage;

/// <summary>Where the hub keeps what must survive. Given by <c>--data</c>, not by a settings file.</summary>
/// <param name="Directory">Absolute path of the data directory.</param>
internal sealed record DataDirectory(string Directory)
{
    public string DatabaseFile => Path.Combine(Directory, "wghub.db");

    /// <summary>What SQLite has not brought into the file yet (its write-ahead log).</summary>
    public string LogFile => DatabaseFile + "-wal";

    /// <summary>Shared memory of those who have the log open; made anew by the first of them.</summary>
    public string LogIndexFile => DatabaseFile + "-shm";

    /// <summary>A rollback journal. None of ours: WgHub keeps a log.</summary>
    public string JournalFile => DatabaseFile + "-journal";

    public string MasterKeyFile => Path.Combine(Directory, "master.key");

    /// <summary>The key that a rotation has made and not yet put in the place of <see cref="MasterKeyFile"/>.</summary>
    public string NextMasterKeyFile => MasterKeyFile + ".next";

    public string LockFile => Path.Combine(Directory, "wghub.lock");

    /// <summary>Where a hub that runs takes the commands of this machine.</summary>
    public string ControlSocket => Path.Combine(Directory, "control.sock");

    /// <summary>What holds secrets, the directory first.</summary>
    public IEnumerable<string> Private => [Directory, DatabaseFile, LogFile, LogIndexFile];

    /// <summary>True when a hub's database is there, or what is left of one.</summary>
    public bool HasDatabase => System.IO.Directory.EnumerateFiles(Directory, "wghub*.db*").Any();

    public string SettingsFile => Path.Combine(Directory, "wghub.json");
}
