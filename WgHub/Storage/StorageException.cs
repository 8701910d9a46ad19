using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>The database could not do its work: disk full, file read-only, damaged or of a newer WgHub. Nothing was half done.</summary>
internal sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <returns>What SQLite said, where it is SQLite's; else null.</returns>
    public static string? SentenceOf(Exception exception) => exception is SqliteException sqlite ? From(sqlite).Message : null;

    /// <summary>Says what SQLite said, without the file's path.</summary>
    public static StorageException From(SqliteException exception) =>
        new(exception.SqliteErrorCode switch
        {
            13 => "The disk is full.",
            8 => "The database is read-only.",
            11 or 26 => "The database file wghub.db is damaged. Put a backup in its place.",
            10 => "The disk gave an input/output error.",
            14 => "The database file cannot be opened. Its disk or folder may be read-only, or belong to somebody else.",
            5 or 6 => "The database is busy: another program holds it. Try again when that is done.",
            _ => $"The database refused (SQLite {exception.SqliteExtendedErrorCode}).",
        }, exception);
}
