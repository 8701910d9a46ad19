using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>
/// Whether the database that is open is still the one that a restart would find. Somebody may take its files away or put others in their
/// place while the hub runs: what is written from then on would be lost with the process.
/// </summary>
internal sealed class DatabaseRescue(SqliteConnection connection, DataDirectory data, TimeProvider time)
{
    private const string Prefix = "wghub-rescued-";

    /// <summary>A sentence, from the moment that the files were seen to be others; null until then.</summary>
    public string? Lost { get; private set; }

    /// <summary>Name of the newest copy that a hub saved in this directory; null for none.</summary>
    public static string? Newest(DataDirectory data) =>
        Directory.EnumerateFiles(data.Directory, $"{Prefix}*.db").Select(Path.GetFileName).Max(StringComparer.Ordinal);

    /// <summary>To be called by the writer, outside a transaction. When the files are gone, what they held is saved beside them.</summary>
    /// <param name="hasLog">True after a commit: it stands in the log.</param>
    /// <exception cref="StorageException">They are not in place.</exception>
    public void Check(bool hasLog)
    {
        if (Lost is null && (SqliteNative.HasMoved(connection) || (hasLog && !File.Exists(data.LogFile))))
        {
            Lost = $"The database file wghub.db, or its log, was moved, replaced or removed while the hub ran. {Save()}";
            connection.LeaveLog(true); // what lies there now is not this connection's to change
        }

        ThrowIfLost();
    }

    /// <summary>Also a file whose content was overwritten, which is the same file to the system.</summary>
    /// <exception cref="StorageException">They are not in place.</exception>
    public void CheckContent()
    {
        if (Lost is null && !WriteAheadLog.FitsFile(connection, data.DatabaseFile))
        {
            Lost = "The content of the database file wghub.db was overwritten while the hub ran. "
                + "Stop the hub, put the file that is wanted in place, and start it.";
            connection.LeaveLog(true);
        }

        ThrowIfLost();
    }

    public void ThrowIfLost()
    {
        if (Lost is { } sentence)
        {
            throw new StorageException(sentence);
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types", Justification = "Whatever keeps the copy from being made, the loss itself is told.")]
    private string Save()
    {
        var name = $"{Prefix}{FileStamp.Now(time)}.db";
        try
        {
            connection.CopyTo(Path.Combine(data.Directory, name));
            return $"What it held is in {name}. Stop the hub, put the file that is wanted in place as wghub.db, and start it.";
        }
        catch (Exception exception)
        {
            return $"What it held could not be saved ({(exception is SqliteException sqlite ? StorageException.From(sqlite).Message : exception.Message)}) "
                + "and is lost with the process: make room for it, and copy what must be kept before you stop the hub.";
        }
    }
}
