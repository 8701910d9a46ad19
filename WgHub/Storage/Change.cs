using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>A change that waits for the writer, and its caller.</summary>
internal abstract class Change(bool isNote)
{
    public bool IsNote => isNote;

    /// <summary>What only changes something, as what every change is: with a result.</summary>
    public static Func<Tx, bool> Doing(Action<Tx> change) => tx =>
    {
        change(tx);
        return true;
    };

    /// <summary>Runs inside a savepoint. A failure of the change itself is kept for its caller; a failure of SQLite ends the group.</summary>
    public abstract void Run(SqliteConnection connection);

    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

internal sealed class Change<T>(Func<SqliteConnection, T> change, bool isNote) : Change(isNote)
{
    private const int ConstraintViolated = 19;

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
