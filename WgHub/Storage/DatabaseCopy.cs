using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>A database file that nobody has open: read as it lies there, and not changed.</summary>
internal static class DatabaseCopy
{
    /// <param name="hasLog">True to read what its log holds, too; false for a copy, which has none.</param>
    /// <exception cref="StorageException">It is damaged, none of ours, or from a newer WgHub.</exception>
    public static T Read<T>(string file, bool hasLog, TimeProvider time, Func<Tx, T> query)
    {
        try
        {
            using var connection = hasLog
                ? Connections.Open(file, SqliteOpenMode.ReadWrite)
                : Connections.Open($"{new Uri(file).AbsoluteUri}?immutable=1", SqliteOpenMode.ReadOnly);
            connection.LeaveLog(true);
            Migrator.Check(connection);
            return query(new Tx(connection, connection.Meta("installation_id"), new(connection.Meta("hub_id")), time.GetUtcNow(), Actor.System));
        }
        catch (SqliteException exception)
        {
            throw StorageException.From(exception);
        }
    }

    /// <summary>Number of the schema.</summary>
    public static long SchemaOf(Tx tx) => tx.Count($"pragma user_version");
}
