using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>Brings the log into the file before the first change, and when it is long.</summary>
internal sealed class LogRotation(SqliteConnection writer, DataDirectory data, DatabaseRescue rescue)
{
    /// <summary>Bytes of a log. SQLite's own measure: 1,000 pages.</summary>
    private const long Limit = 4_000_000;

    private long? _rotatesAt;

    /// <summary>To be called by the writer, outside a transaction.</summary>
    public void Look()
    {
        var length = new FileInfo(data.LogFile) is { Exists: true } log ? log.Length : 0;
        if (_rotatesAt is { } limit && length < limit)
        {
            return;
        }

        try
        {
            rescue.Check(hasLog: false);
            _rotatesAt = WriteAheadLog.Rotate(writer) ? Limit : length + Limit;
        }
        catch (Exception exception) when (exception is SqliteException or StorageException)
        {
            _rotatesAt = length + Limit; // the change that waits hears what is wrong
        }
    }
}
