using Microsoft.Data.Sqlite;
using WgHub.Hosting;

namespace WgHub.Storage;

/// <summary>Brings the schema forward, one numbered file after the other; never back.</summary>
internal static class Migrator
{
    /// <summary>"WgHu": marks the file as ours (PRAGMA application_id).</summary>
    private const long ApplicationId = 0x57674875;

    private const string Folder = "WgHub.Storage.Migrations.";

    /// <summary>Makes or upgrades the database and checks that it is whole.</summary>
    /// <exception cref="StorageException">Not ours, damaged, or newer than this build.</exception>
    /// <returns>What a log that was of another file is called now; null when there was none.</returns>
    public static string? Prepare(DataDirectory data, TimeProvider time) => Prepare(data, time, Scripts());

    /// <inheritdoc cref="Prepare(DataDirectory, TimeProvider)"/>
    /// <param name="scripts">The migrations in their order.</param>
    public static string? Prepare(DataDirectory data, TimeProvider time, IReadOnlyList<string> scripts)
    {
        try
        {
            if (Directory.Exists(data.DatabaseFile))
            {
                throw new StorageException("wghub.db is a directory, and not a database file. Put a backup in its place, or remove it to begin anew.");
            }

            var hasLog = WriteAheadLog.HasContent(data.LogFile); // before the file: another start may be making both
            if (!File.Exists(data.DatabaseFile))
            {
                CheckNothingIsLeft(data, hasLog);
                Create(data, time, scripts);
            }

            if (new FileInfo(data.DatabaseFile).Length == 0)
            {
                // SQLite would take it for a new database and the hub would forget everyone.
                throw new StorageException(
                    "The database file wghub.db is empty. Put a backup in its place, or remove it, wghub.db-wal and wghub.db-shm to begin anew.");
            }

            var aside = WriteAheadLog.PutForeignAside(data, time);
            using var connection = Connections.Open(data.DatabaseFile, SqliteOpenMode.ReadWrite);
            connection.LeaveLog(true); // a start that is refused changes nothing
            Check(connection);
            CheckVersion(connection, scripts);
            connection.LeaveLog(false);
            connection.Execute($"pragma journal_mode = wal"); // a copy that SQLite made may have lost it
            Upgrade(connection, data, time, scripts);
            return aside;
        }
        catch (SqliteException exception)
        {
            throw StorageException.From(exception);
        }
    }

    /// <summary>Who begins anew without wanting to loses everything: what says that there was a database is looked at first.</summary>
    private static void CheckNothingIsLeft(DataDirectory data, bool hasLog)
    {
        if (hasLog)
        {
            throw new StorageException(
                "There is no database file wghub.db, but its log wghub.db-wal. "
                + "Put a backup in its place, or remove wghub.db-wal and wghub.db-shm too to begin anew.");
        }

        if (DatabaseRescue.Newest(data) is { } rescued)
        {
            throw new StorageException(
                $"There is no database file wghub.db, but {rescued}, which a hub saved when its database was taken away. "
                + "Put that in its place, or move it elsewhere to begin anew.");
        }
    }

    /// <summary>Made whole under another name first: a start that was cut short leaves no half database, and of two starts at once one wins.</summary>
    private static void Create(DataDirectory data, TimeProvider time, IReadOnlyList<string> scripts)
    {
        var draft = $"{data.DatabaseFile}.{Guid.NewGuid():N}";
        try
        {
            using (var connection = Connections.Open(draft, SqliteOpenMode.ReadWriteCreate))
            {
                connection.Execute($"pragma journal_mode = wal"); // stays with the file
                Upgrade(connection, data, time, scripts);
            }

            File.Move(draft, data.DatabaseFile, overwrite: false);
        }
        catch (IOException) when (File.Exists(data.DatabaseFile))
        {
            // Another start was faster: its database is the one.
        }
        finally
        {
            foreach (var rest in new[] { draft, draft + "-wal", draft + "-shm" })
            {
                File.Delete(rest);
            }
        }
    }

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="StorageException">Not ours, or damaged.</exception>
    public static void Check(SqliteConnection connection)
    {
        if (connection.Count($"pragma application_id") != ApplicationId && connection.Count($"select count(*) from sqlite_master") > 0)
        {
            throw new StorageException("The database file wghub.db was not made by WgHub.");
        }

        var verdict = connection.First($"pragma quick_check(1)", row => row.Text("quick_check"));
        if (verdict != "ok")
        {
            throw new StorageException("The database file wghub.db is damaged. Put a backup in its place.");
        }
    }

    /// <summary>The schema of a database, and the newest that is known here.</summary>
    public static (long Found, int Known) VersionsOf(SqliteConnection connection) => (Version(connection), Scripts().Count);

    private static void CheckVersion(SqliteConnection connection, IReadOnlyList<string> scripts)
    {
        if (Version(connection) is var found && found > scripts.Count)
        {
            throw new StorageException(
                $"The database has schema {found}, this wghub knows {scripts.Count}. Run the newer wghub again, or restore the copy made before its upgrade.");
        }
    }

    private static void Upgrade(SqliteConnection connection, DataDirectory data, TimeProvider time, IReadOnlyList<string> scripts)
    {
        var found = Version(connection);
        if (found == scripts.Count)
        {
            return;
        }

        if (found > 0 && DataLock.IsHeldElsewhere(data))
        {
            throw new StorageException(
                "A hub of an older version runs on this data directory, and this wghub would change its database. Use that version's wghub, or stop it first.");
        }

        if (found > 0)
        {
            CopyBefore(connection, data, found, time);
        }

        // Another process may have been faster: the version is read again under the write lock.
        connection.InTransaction(() =>
        {
            foreach (var script in scripts.Skip((int)Version(connection)))
            {
                connection.Execute($"{new SqlPart(script)}");
            }

            if (Version(connection) == 0)
            {
                var (installation, hub) = (Guid.CreateVersion7(time.GetUtcNow()).ToString(), Guid.CreateVersion7(time.GetUtcNow()).ToString());
                connection.Execute($"insert into meta (name, value) values ('installation_id', {installation}), ('hub_id', {hub})");
            }

            connection.Execute($"{new SqlPart($"pragma application_id = {ApplicationId}; pragma user_version = {scripts.Count}")}");
        });
    }

    private static long Version(SqliteConnection connection) => connection.Count($"pragma user_version");

    private static void CopyBefore(SqliteConnection connection, DataDirectory data, long version, TimeProvider time)
    {
        var copy = Path.Combine(data.Directory, $"wghub-schema{version}-{FileStamp.Now(time)}.db");
        connection.CopyTo(copy);
        Privileges.GiveToOwnerOfFolder(copy);
    }

    private static List<string> Scripts()
    {
        var assembly = typeof(Migrator).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return reader.ReadToEnd();
            })];
    }
}
