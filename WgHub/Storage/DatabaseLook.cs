using Microsoft.Data.Sqlite;
using WgHub.Hosting;

namespace WgHub.Storage;

internal enum DatabaseStanding
{
    Fine,

    /// <summary>Of a wghub before this one, which would bring it up to date at its start.</summary>
    Older,

    /// <summary>Of a newer wghub.</summary>
    Newer,

    /// <summary>Its content is none, or another program's.</summary>
    Damaged,

    /// <summary>SQLite could not read it: whose it is, or the disk, is in the way.</summary>
    Unreadable,
}

/// <summary>Opens a database to read it, and leaves no trace: no file is made, mended or brought up to date, whether a hub runs on it or not.</summary>
internal static class DatabaseLook
{
    private const int Corrupt = 11, NotADatabase = 26; // SQLITE_CORRUPT, SQLITE_NOTADB

    /// <exception cref="SqliteException">SQLite refused.</exception>
    /// <exception cref="StorageException">Its log is another user's: SQLite would give it to the owner of the file, where root opens it.</exception>
    public static SqliteConnection Open(DataDirectory data)
    {
        if (FileStatus.Of(data.LogFile) is { } log && log.Owner != FileStatus.Of(data.DatabaseFile)?.Owner)
        {
            throw new StorageException("The database's log wghub.db-wal belongs to another user than the database.");
        }

        var file = new Uri(data.DatabaseFile).AbsoluteUri;
        return Connections.Open(
            DataLock.ServedBy(data) is not null ? data.DatabaseFile // its log is there, and the index of it
            : WriteAheadLog.HasContent(data.LogFile) ? $"{file}?readonly_shm=1" // left by one that was killed: read in memory, and left
            : $"{file}?immutable=1",
            SqliteOpenMode.ReadOnly);
    }

    /// <summary>Reads the whole file, so long as <paramref name="cancellationToken"/> lets it.</summary>
    /// <returns>How it stands, and a sentence where it does not stand well.</returns>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static (DatabaseStanding Standing, string Sentence) Examine(DataDirectory data, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = Open(data);
            using var end = cancellationToken.Register(() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle));
            return Examine(connection);
        }
        catch (SqliteException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (exception.SqliteErrorCode is Corrupt or NotADatabase ? DatabaseStanding.Damaged : DatabaseStanding.Unreadable,
                StorageException.From(exception).Message);
        }
        catch (StorageException exception)
        {
            return (DatabaseStanding.Unreadable, exception.Message);
        }
    }

    private static (DatabaseStanding Standing, string Sentence) Examine(SqliteConnection connection)
    {
        try
        {
            Migrator.Check(connection);
        }
        catch (StorageException exception)
        {
            return (DatabaseStanding.Damaged, exception.Message);
        }

        var (found, known) = Migrator.VersionsOf(connection);
        return (found - known) switch
        {
            > 0 => (DatabaseStanding.Newer, $"The database has schema {found}, this wghub knows {known}."),
            < 0 => (DatabaseStanding.Older, $"The database has schema {found}; this wghub brings it to {known} at its start."),
            _ => (DatabaseStanding.Fine, ""),
        };
    }
}
