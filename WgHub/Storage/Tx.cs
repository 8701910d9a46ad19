using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>A transaction, or a reading of one moment: what a room needs to ask and to change its tables.</summary>
/// <remarks>It is used inside the call that was given it, and by one thread.</remarks>
internal sealed class Tx(SqliteConnection connection, string installationId, HubId ownHub, DateTimeOffset now, Actor by)
{
    /// <summary>When it began: everything in it happens at one moment.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Who is the cause; <see cref="Actor.System"/> for a reading.</summary>
    public Actor By => by;

    /// <summary>Id of the installation: of what is not a hub's, such as accounts and the audit log.</summary>
    public string InstallationId => installationId;

    /// <summary>The hub on this machine: whoever names no other means this one.</summary>
    public HubId OwnHub => ownHub;

    /// <summary>The same transaction, in the name of somebody who became known in it.</summary>
    public Tx As(Actor actor) => new(connection, installationId, ownHub, now, actor);

    /// <returns>Number of rows changed.</returns>
    public int Execute(Sql sql) => connection.Execute(sql);

    /// <summary>One statement for many rows, each with values of its own: a fraction of what it costs one by one.</summary>
    public void ExecuteEach<T>(IReadOnlyList<T> items, StatementFor<T> statement) => connection.ExecuteEach(items, statement);

    public List<T> Query<T>(Sql sql, Func<Row, T> map) => connection.Query(sql, map);

    /// <summary>One row after the other, for a reading of all there is: the rows are not in memory together.</summary>
    public IEnumerable<T> Stream<T>(Sql sql, Func<Row, T> map) => connection.Stream(sql, map);

    /// <returns>The first row, or null when there is none.</returns>
    public T? First<T>(Sql sql, Func<Row, T> map)
        where T : class => connection.First(sql, map);

    /// <returns>The number that the query counts; 0 when there is no row.</returns>
    public long Count(Sql sql) => connection.Count(sql);

    /// <param name="sql">A whole query.</param>
    /// <returns>True when it finds a row.</returns>
    public bool Exists(Sql sql) => connection.Exists(sql);
}
