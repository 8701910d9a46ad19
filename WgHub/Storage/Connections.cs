using System.Globalization;
using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

internal static class Connections
{
    /// <summary>How long a statement waits for another process.</summary>
    public const int BusyMilliseconds = 5000;

    /// <summary>Opens the file with the settings that every connection of ours has.</summary>
    /// <exception cref="SqliteException">SQLite refused.</exception>
    public static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        SqliteNative.Load();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false, // Database keeps its own: a pooled one would forget the pragmas' cost on every request
        }.ToString());
        try
        {
            connection.Open();

            // The writer alone brings the log into the file, so that each log begins with its mark (WriteAheadLog).
            connection.Execute($"pragma busy_timeout = {new SqlPart(BusyMilliseconds.ToString(CultureInfo.InvariantCulture))}; pragma wal_autocheckpoint = 0");

            // FULL: a commit is on the disk before it is answered. Set on each connection, since builds differ in what WAL defaults to.
            // Temporary files in memory: what undoes one change of a group may outgrow SQLite's buffer, and where nothing but the data can be
            // written there is no /tmp.
            connection.Execute($"pragma foreign_keys = on; pragma synchronous = full; pragma temp_store = memory");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Writes all that this connection sees into a new file, for its owner alone.</summary>
    /// <exception cref="SqliteException">The disk is full, or there is such a file.</exception>
    public static void CopyTo(this SqliteConnection connection, string file)
    {
        connection.Execute($"vacuum into {file}");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>All of the work or none, under the write lock from its first statement on.</summary>
    public static void InTransaction(this SqliteConnection connection, Action work)
    {
        try
        {
            connection.Execute($"begin immediate");
            work();
            connection.Execute($"commit");
        }
        catch
        {
            RollBack(connection);
            throw;
        }
    }

    private static void RollBack(SqliteConnection connection)
    {
        // After a full disk SQLite has rolled back by itself and would refuse a second time (autocommit is 1 then).
        if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0)
        {
            return;
        }

        try
        {
            connection.Execute($"rollback");
        }
        catch (SqliteException)
        {
            // The caller hears of the first failure; a connection that stays broken fails the next BEGIN.
        }
    }
}
