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
}
