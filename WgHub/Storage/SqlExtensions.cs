using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>Runs <see cref="Sql"/> on a connection of SQLite's. Synchronous: it works in this process, and its async calls would only pretend.</summary>
internal static class SqlExtensions
{
    /// <returns>Number of rows changed.</returns>
    public static int Execute(this SqliteConnection connection, Sql sql)
    {
        using var command = sql.On(connection);
        return command.ExecuteNonQuery();
    }

    /// <summary>One statement for many rows, each with values of its own.</summary>
    public static void ExecuteEach<T>(this SqliteConnection connection, IReadOnlyList<T> items, StatementFor<T> statement)
    {
        if (items is not [var first, ..])
        {
            return;
        }

        using var command = statement(first).On(connection);
        command.ExecuteNonQuery();
        foreach (var item in items.Skip(1))
        {
            statement(item).Refill(command);
            command.ExecuteNonQuery();
        }
    }

    public static List<T> Query<T>(this SqliteConnection connection, Sql sql, Func<Row, T> map)
    {
        using var command = sql.On(connection);
        using var reader = command.ExecuteReader();
        var row = new Row(reader);
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(map(row));
        }

        return rows;
    }

    /// <summary>One row after the other, for a reading of all there is: the rows are not in memory together.</summary>
    public static IEnumerable<T> Stream<T>(this SqliteConnection connection, Sql sql, Func<Row, T> map) => Stream(sql.On(connection), map);

    /// <returns>The first row, or null when there is none.</returns>
    public static T? First<T>(this SqliteConnection connection, Sql sql, Func<Row, T> map)
        where T : class
    {
        using var command = sql.On(connection);
        using var reader = command.ExecuteReader();
        return reader.Read() ? map(new(reader)) : null;
    }

    /// <summary>A text of the table <c>meta</c> that every database of ours has.</summary>
    /// <exception cref="StorageException">This one has not.</exception>
    public static string Meta(this SqliteConnection connection, string name) =>
        connection.First($"select value from meta where name = {name}", row => row.Text("value"))
            ?? throw new StorageException($"The database holds no {name}.");

    /// <returns>The number in the first column of the first row; 0 when there is no row.</returns>
    /// <exception cref="InvalidCastException">The query counts nothing.</exception>
    public static long Count(this SqliteConnection connection, Sql sql)
    {
        using var command = sql.On(connection);
        return command.ExecuteScalar() is { } count ? (long)count : 0;
    }

    public static bool Exists(this SqliteConnection connection, Sql sql)
    {
        using var command = sql.On(connection);
        using var reader = command.ExecuteReader();
        return reader.Read();
    }

    private static IEnumerable<T> Stream<T>(SqliteCommand command, Func<Row, T> map)
    {
        using (command)
        {
            using var reader = command.ExecuteReader();
            var row = new Row(reader);
            while (reader.Read())
            {
                yield return map(row);
            }
        }
    }
}
