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

    private readonly BlockingCollection<Change> _changes = [];
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly SqliteConnection _writer;
    private readonly Thread _thread;
    private readonly DataDirectory _data;
    private readonly DatabaseRescue _rescue;
    private readonly LogRotation _rotation;
    private readonly TimeProvider _time;
    private readonly bool _isLook;
    private long _revision;
    private bool _isContentDue;

    /// <summary>Opens the database, makes it when it is not there, and brings its schema up to date.</summary>
    /// <exception cref="StorageException">Damaged, read-only, empty, or written by a newer WgHub.</exception>
    public Database(DataDirectory data, TimeProvider time)
        : this(data, time, isLook: false)
    {
    }

    private Database(DataDirectory data, TimeProvider time, bool isLook)
    {
        (_time, _data, _isLook) = (time, data, isLook);
        if (!isLook)
        {
            DataSwap.FinishFor(data);
            LogPutAside = Migrator.Prepare(data, time);
        }

        _writer = Open();
        _rescue = new(_writer, data, time);
        _rotation = new(_writer, data, _rescue);
        InstallationId = _writer.Meta("installation_id");
        OwnHub = new(_writer.Meta("hub_id"));
        _thread = new Thread(Write) { Name = "database writer", IsBackground = true };
        if (!isLook)
        {
            _thread.Start();
        }
    }

    /// <summary>One that is there, for reading alone, beside whoever serves it: see <see cref="DatabaseLook"/>.</summary>
    /// <exception cref="StorageException">SQLite refused.</exception>
    public static Database ToLook(DataDirectory data, TimeProvider time)
    {
        try
        {
            return new(data, time, isLook: true);
        }
        catch (SqliteException exception)
        {
            throw StorageException.From(exception);
        }
    }

    /// <summary>Id of this installation; made with the database.</summary>
    public string InstallationId { get; }

    /// <summary>A log of another file lay there at the start; what it is called now. Null for none.</summary>
    public string? LogPutAside { get; }

    /// <summary>A sentence when the files were seen to be moved, replaced or removed: nothing can be changed any more. Null until then.</summary>
    public string? Lost => _rescue.Lost;

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
        QueueAsync(by, Change.Doing(change), false, cancellationToken);

    /// <summary>The same for what is only noted down, such as counters: nothing that follows what is wanted need be read again.</summary>
    /// <inheritdoc cref="WriteAsync{T}(Func{Tx, T}, CancellationToken)"/>
    public Task NoteAsync(Action<Tx> note, CancellationToken cancellationToken) => QueueAsync(Actor.System, Change.Doing(note), true, cancellationToken);

    /// <summary>Writes what is committed into a new file, beside all readers and the writer.</summary>
    /// <exception cref="StorageException">The disk is full, or the files are lost. Nothing is left of it.</exception>
    public void CopyTo(string file)
    {
        using var connection = OpenReader();
        try
        {
            connection.CopyTo(file);
        }
        catch (SqliteException exception)
        {
            File.Delete(file);
            throw StorageException.From(exception);
        }
    }

    /// <summary>Looks whether the files are still those that were opened, also in their content.</summary>
    /// <exception cref="StorageException">They are not; see <see cref="Lost"/>.</exception>
    public Task CheckFilesAsync(CancellationToken cancellationToken) => NoteAsync(_ => _isContentDue = true, cancellationToken);

    public void Dispose()
    {
        _changes.CompleteAdding();
        if (!_isLook)
        {
            _thread.Join();
        }

        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _writer.Dispose(); // the last one brings the log into the file
        _changes.Dispose();
    }

    private Tx On(SqliteConnection connection, Actor by) => new(connection, InstallationId, OwnHub, _time.GetUtcNow(), by);

    private Task<T> QueueAsync<T>(Actor by, Func<Tx, T> change, bool isNote, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isLook, this); // it never had a writer
        var queued = new Change<T>(connection => change(On(connection, by)), isNote);
        _changes.Add(queued, cancellationToken);

        // From here on the change happens: a caller that gives up does not undo it.
        return queued.Done;
    }

    private SqliteConnection OpenReader()
    {
        try
        {
            _rescue.ThrowIfLost();
            return Open();
        }
        catch (SqliteException exception)
        {
            throw StorageException.From(exception);
        }
    }

    private SqliteConnection Open() => _isLook ? DatabaseLook.Open(_data) : Connections.Open(_data.DatabaseFile, SqliteOpenMode.ReadWrite);

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

            _rotation.Look();
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
            _rescue.ThrowIfLost();
            _writer.InTransaction(() => group.ForEach(change => change.Run(_writer)));
            _rescue.Check(hasLog: true); // what was written elsewhere is not acknowledged
            if (Interlocked.Exchange(ref _isContentDue, false))
            {
                _rescue.CheckContent();
            }
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
}
