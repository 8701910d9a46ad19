using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>Runs <see cref="Sql"/>. Synchronous: SQLite works in this process, and its async calls would only pretend.</summary>
internal static class SqlExtensions
{
    /// <returns>Number of rows changed.</returns>
    public static int Execute(this SqliteConnection connection, Sql sql)
    {
        using var command = sql.On(connection);
        return command.ExecuteNonQuery();
    }

    public static List<T> Query<T>(this SqliteConnection connection, Sql sql, Func<SqliteDataReader, T> map)
    {
        using var command = sql.On(connection);
        using var reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    /// <summary>One row after the other, for a reading of all there is: the rows are not in memory together.</summary>
    public static IEnumerable<T> Stream<T>(this SqliteConnection connection, Sql sql, Func<SqliteDataReader, T> map) => Stream(sql.On(connection), map);

    /// <returns>The first row, or null when there is none.</returns>
    public static T? First<T>(this SqliteConnection connection, Sql sql, Func<SqliteDataReader, T> map)
        where T : class
    {
        using var command = sql.On(connection);
        using var reader = command.ExecuteReader();
        return reader.Read() ? map(reader) : null;
    }

    /// <returns>The first column of the first row; 0 when there is no row.</returns>
    public static long Count(this SqliteConnection connection, Sql sql)
    {
        using var command = sql.On(connection);
        return command.ExecuteScalar() is long count ? count : 0;
    }

    private static IEnumerable<T> Stream<T>(SqliteCommand command, Func<SqliteDataReader, T> map)
    {
        using (command)
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                yield return map(reader);
            }
        }
    }

    public static string? TextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset Time(this SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);
}
