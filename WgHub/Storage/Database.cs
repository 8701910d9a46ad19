using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>
/// The SQLite file. Many readers side by side (WAL), one writer: a thread that takes the waiting changes and makes up to
/// <see cref="GroupLimit"/> of them durable with one commit. Eight connections that write at once starve each other for
/// seconds in SQLite's busy handler; one writer does not.
/// </summary>
internal sealed class Database : IDisposable
{
    private const int GroupLimit = 200;
    private const int ConstraintViolated = 19;

    private readonly BlockingCollection<Change> _changes = [];
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly SqliteConnection _writer;
    private readonly Thread _thread;
    private readonly string _file;
    private readonly TimeProvider _time;
    private long _revision;

    /// <summary>Opens the database, makes it when it is not there, and brings its schema up to date.</summary>
    /// <exception cref="StorageException">Damaged, read-only, empty, or written by a newer WgHub.</exception>
    public Database(DataDirectory data, TimeProvider time)
    {
        _time = time;
        _file = data.DatabaseFile;
        Migrator.Prepare(data, time);
        _writer = Connections.Open(_file, SqliteOpenMode.ReadWrite);
        InstallationId = IdNamed("installation_id");
        OwnHub = new(IdNamed("hub_id"));
        _thread = new Thread(Write) { Name = "database writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Id of this installation; made with the database.</summary>
    public string InstallationId { get; }

    /// <summary>The hub on this machine, whether it is set up or not.</summary>
    public HubId OwnHub { get; }

    /// <summary>Moves with every commit but those of <see cref="NoteAsync"/>: as long as it stays, what was read stays so.</summary>
    public long Revision => Interlocked.Read(ref _revision);

    /// <summary>Runs a query beside all others. It sees everything committed before it began.</summary>
    /// <exception cref="StorageException">SQLite refused.</exception>
    public T Read<T>(Func<Tx, T> query)
    {
        if (!_readers.TryTake(out var connection))
        {
            connection = OpenReader();
        }

        try
        {
            var result = query(On(connection, Actor.System));
            _readers.Add(connection);
            return result;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw StorageException.From(exception);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="change"/> in a transaction and returns when it is durable. An exception undoes this change alone.</summary>
    /// <remarks>The change is short and touches nothing but the database: others wait behind it.</remarks>
    /// <param name="by">Who is the cause.</param>
    /// <exception cref="StorageException">SQLite refused; nothing of the change was kept.</exception>
    public Task<T> WriteAsync<T>(Actor by, Func<Tx, T> change, CancellationToken cancellationToken) => QueueAsync(by, change, false, cancellationToken);

    /// <summary>As the other, in the name of the hub itself.</summary>
    /// <inheritdoc cref="WriteAsync{T}(Actor, Func{Tx, T}, CancellationToken)"/>
    public Task<T> WriteAsync<T>(Func<Tx, T> change, CancellationToken cancellationToken) => WriteAsync(Actor.System, change, cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}(Func{Tx, T}, CancellationToken)"/>
    public Task WriteAsync(Action<Tx> change, CancellationToken cancellationToken) => WriteAsync(Actor.System, change, cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}(Actor, Func{Tx, T}, CancellationToken)"/>
    public Task WriteAsync(Actor by, Action<Tx> change, CancellationToken cancellationToken) =>
        QueueAsync(by, Doing(change), false, cancellationToken);

    /// <summary>The same for what is only noted down, such as counters: nothing that follows what is wanted need be read again.</summary>
    /// <inheritdoc cref="WriteAsync{T}(Func{Tx, T}, CancellationToken)"/>
    public Task NoteAsync(Action<Tx> note, CancellationToken cancellationToken) => QueueAsync(Actor.System, Doing(note), true, cancellationToken);

    public void Dispose()
    {
        _changes.CompleteAdding();
        _thread.Join();
        _writer.Dispose();
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _changes.Dispose();
    }

    private static Func<Tx, bool> Doing(Action<Tx> change) => tx =>
    {
        change(tx);
        return true;
    };

    private string IdNamed(string name) =>
        _writer.First($"select value from meta where name = {name}", row => row.Text("value")) ?? throw new StorageException($"The database holds no {name}.");

    private Tx On(SqliteConnection connection, Actor by) => new(connection, InstallationId, OwnHub, _time.GetUtcNow(), by);

    private Task<T> QueueAsync<T>(Actor by, Func<Tx, T> change, bool isNote, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var queued = new Change<T>(connection => change(On(connection, by)), isNote);
        _changes.Add(queued, cancellationToken);

        // From here on the change happens: a caller that gives up does not undo it.
        return queued.Done;
    }

    private SqliteConnection OpenReader()
    {
        try
        {
            return Connections.Open(_file, SqliteOpenMode.ReadWrite);
        }
        catch (SqliteException exception)
        {
            throw StorageException.From(exception);
        }
    }

    private void Write()
    {
        List<Change> group = new(GroupLimit);
        foreach (var first in _changes.GetConsumingEnumerable())
        {
            group.Add(first);
            while (group.Count < GroupLimit && _changes.TryTake(out var next))
            {
                group.Add(next);
            }

            Commit(group);
            group.Clear();
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types", Justification = "Whatever went wrong belongs to the callers that wait; the writer goes on.")]
    private void Commit(List<Change> group)
    {
        try
        {
            _writer.InTransaction(() => group.ForEach(change => change.Run(_writer)));
        }
        catch (Exception exception)
        {
            Interlocked.Increment(ref _revision); // a commit that failed may have happened
            foreach (var change in group)
            {
                change.Fail(exception);
            }

            return;
        }

        if (group.Exists(change => !change.IsNote))
        {
            Interlocked.Increment(ref _revision);
        }

        foreach (var change in group)
        {
            change.Complete();
        }
    }

    private abstract class Change(bool isNote)
    {
        public bool IsNote => isNote;

        /// <summary>Runs inside a savepoint. A failure of the change itself is kept for its caller; a failure of SQLite ends the group.</summary>
        public abstract void Run(SqliteConnection connection);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Change<T>(Func<SqliteConnection, T> change, bool isNote) : Change(isNote)
    {
        // Continuations must not run on the writer's thread.
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _refusal;

        public Task<T> Done => _done.Task;

        public override void Run(SqliteConnection connection)
        {
            connection.Execute($"savepoint change");
            try
            {
                _result = change(connection);
            }
            catch (Exception exception) when (exception is not SqliteException { SqliteErrorCode: not ConstraintViolated })
            {
                _refusal = exception;
                connection.Execute($"rollback to change");
            }

            connection.Execute($"release change");
        }

        public override void Complete()
        {
            if (_refusal is null)
            {
                _done.SetResult(_result!);
            }
            else
            {
                _done.SetException(_refusal);
            }
        }

        public override void Fail(Exception exception) =>
            _done.SetException(_refusal ?? (exception is SqliteException sqlite ? StorageException.From(sqlite) : exception));
    }
}
