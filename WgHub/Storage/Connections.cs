using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

internal static class Connections
{
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

            // FULL: a commit is on the disk before it is answered. Set on each connection, since builds differ in what WAL defaults to.
            // Temporary files in memory: what undoes one change of a group may outgrow SQLite's buffer, and where nothing but the data can be
            // written there is no /tmp.
            connection.Execute($"pragma busy_timeout = 5000; pragma foreign_keys = on; pragma synchronous = full; pragma temp_store = memory");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
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
