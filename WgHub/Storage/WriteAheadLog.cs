using System.Globalization;
using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>
/// Binds SQLite's log to the file that it goes on from. SQLite replays whatever log lies beside a file: over a backup that was put in
/// place, the log of the database before it is a mixture of both, and damage at best.
/// So each log begins with a mark, the names of states of the file: first the one that it goes on from, last the one that the file gets
/// when all of the log is in it, between them those that it may have got on the way. The file's own state is the last that its own mark
/// names. A log that does not name it is not of that file.
/// </summary>
internal static class WriteAheadLog
{
    private const string MarkName = "log";
    private const int HeaderLength = 32;
    private const int Damaged = 11; // SQLITE_CORRUPT; what is no database at all is another code
    private const int NoCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE

    /// <summary>Another process may be bringing its log in.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Puts a log that is not of this file aside, under another name. For a start, before the file is opened; nothing is deleted.</summary>
    /// <returns>What it is called now; null when there was none.</returns>
    public static string? PutForeignAside(DataDirectory data, TimeProvider time)
    {
        // SQLite would roll a journal of that name back into the file. WgHub makes none.
        var journal = File.Exists(data.JournalFile) ? Aside(data.JournalFile, time) : null;
        if (!HasContent(data.LogFile))
        {
            return journal;
        }

        using var held = DataLock.TryTake(data);
        if (held is null || IsOfFile(data.DatabaseFile))
        {
            return journal; // who holds the lock has looked, and writes
        }

        File.Delete(data.LogIndexFile);
        return Aside(data.LogFile, time);
    }

    public static bool HasContent(string logFile) => new FileInfo(logFile) is { Exists: true, Length: > HeaderLength };

    /// <summary>Brings all of the log into the file, and begins a new one.</summary>
    /// <returns>False when others still read the log: then it goes on.</returns>
    /// <exception cref="SqliteException">SQLite refused; the log goes on.</exception>
    public static bool Rotate(SqliteConnection connection)
    {
        var next = Guid.NewGuid().ToString("N");
        var mark = "";
        connection.InTransaction(() => Write(connection, mark = $"{MarkOf(connection)} {next}"));
        var (isBusy, pages, done) = connection.Query(
            $"pragma wal_checkpoint(passive)", row => (row.Number("busy") != 0, row.Number("log"), row.Number("checkpointed"))).Single();
        if (isBusy || pages != done)
        {
            return false;
        }

        connection.Execute($"pragma busy_timeout = 0");
        connection.Execute($"pragma wal_checkpoint(truncate)");
        connection.Execute($"pragma busy_timeout = {new SqlPart(Connections.BusyMilliseconds.ToString(CultureInfo.InvariantCulture))}");
        connection.InTransaction(() =>
        {
            if (MarkOf(connection) == mark)
            {
                Write(connection, next); // else another process has begun the same
            }
        });
        return true;
    }

    /// <summary>
    /// Looks at the file by itself: whether it is still what this connection's log goes on from. A file that a log was brought into by half
    /// looks damaged by itself, such as shorter than it says it is, and so tells nothing.
    /// </summary>
    public static bool FitsFile(SqliteConnection connection, string file) => SpinWait.SpinUntil(
        () =>
        {
            try
            {
                return Fits(MarkOf(connection), StateOf(file));
            }
            catch (SqliteException exception)
            {
                return exception.SqliteErrorCode == Damaged;
            }
        },
        Patience);

    /// <summary>The state of the file by itself, without its log.</summary>
    /// <returns>Null for a file from before the marks.</returns>
    /// <exception cref="SqliteException">It is damaged, or none.</exception>
    private static string? StateOf(string file)
    {
        using var alone = Connections.Open($"{new Uri(file).AbsoluteUri}?immutable=1", SqliteOpenMode.ReadOnly);
        return MarkOf(alone)?.Split(' ')[^1];
    }

    /// <summary>From now on nothing of this connection's log is brought into the file when it closes.</summary>
    public static void LeaveLog(this SqliteConnection connection, bool isLeft) =>
        SQLitePCL.raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, isLeft ? 1 : 0, out _);

    private static bool IsOfFile(string file)
    {
        if (!HasLogMode(file))
        {
            return false; // a copy that SQLite made; opened as it is, it would take the log for rubbish and delete it
        }

        string? state;
        try
        {
            state = StateOf(file);
        }
        catch (SqliteException)
        {
            return true; // damaged by itself: that is told by who opens it
        }

        try
        {
            using var both = Connections.Open(file, SqliteOpenMode.ReadWrite);
            both.LeaveLog(true);
            return Fits(MarkOf(both), state);
        }
        catch (SqliteException)
        {
            return state is null; // a log from before the marks may be of it: then the check of the whole tells
        }
    }

    /// <summary>The file format's write version, byte 18 of the header: 2 for a file with a log.</summary>
    private static bool HasLogMode(string file)
    {
        using var stream = File.OpenRead(file);
        var header = new byte[HeaderLength];
        return stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || header[18] == 2;
    }

    /// <summary>A file without a state is from before the marks, and so are logs without one. Of a log that goes on from it the first state is empty.</summary>
    private static bool Fits(string? mark, string? state) => state is null ? mark is null or [' ', ..] : mark?.Split(' ').Contains(state) == true;

    /// <summary>All rows are looked through: the way by an index leads over more pages.</summary>
    private static string? MarkOf(SqliteConnection connection) =>
        connection.Exists($"select name from sqlite_master where name = 'meta'")
            ? connection.First($"select value from meta where name || '' = {MarkName}", row => row.Text("value"))
            : null;

    private static void Write(SqliteConnection connection, string mark) => connection.Execute(
        $"insert into meta (name, value) values ({MarkName}, {mark}) on conflict (name) do update set value = excluded.value");

    private static string Aside(string file, TimeProvider time)
    {
        var name = $"{file}-of-another-{FileStamp.Now(time)}";
        File.Move(file, name, overwrite: true);
        return Path.GetFileName(name);
    }
}
