using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace WgHub.Storage;

/// <summary>
/// Another program's SQLite file, read in memory: it never lies on a disk of ours, and nothing can be written to it. The file is
/// not trusted. What it declares to be a view, a virtual table or a trigger is not run, and a reading that takes too long ends.
/// See "Defense Against The Dark Arts", sqlite.org/security.html.
/// </summary>
internal sealed unsafe class ForeignDatabase : IDisposable
{
    private const int HeaderLength = 100;
    private const int StepsBetweenLooks = 10_000;
    private const int LooksAllowed = 5_000; // 50 million steps of SQLite's machine: some seconds
    private const int LongestValue = 1024 * 1024;
    private const int LimitLength = 0; // SQLITE_LIMIT_LENGTH
    private const int Defensive = 1010, TrustedSchema = 1017; // SQLITE_DBCONFIG_…

    private readonly SqliteConnection _connection;
    private readonly nuint _length;
    private readonly HashSet<string> _tables;
    private readonly delegate_progress _limit;
    private byte* _file;
    private int _looks;

    /// <exception cref="StorageException">It is no SQLite file, or a damaged one.</exception>
    /// <param name="cancellationToken">Ends a reading that goes on.</param>
    public ForeignDatabase(ReadOnlySpan<byte> file, CancellationToken cancellationToken)
    {
        SqliteNative.Load();
        _length = (nuint)file.Length;
        _file = (byte*)NativeMemory.Alloc(_length);
        file.CopyTo(new(_file, file.Length));
        if (file.Length > HeaderLength)
        {
            WasInUse = file[18] == 2 || file[19] == 2;
            (_file[18], _file[19]) = (1, 1); // one in WAL mode does not open in memory
        }

        _connection = new("Data Source=:memory:;Pooling=False");
        _limit = _ => ++_looks > LooksAllowed || cancellationToken.IsCancellationRequested ? 1 : 0;
        try
        {
            _connection.Open();
            SqliteException.ThrowExceptionForRC(
                raw.sqlite3_deserialize(_connection.Handle, "main", (nint)_file, (long)_length, (long)_length, raw.SQLITE_DESERIALIZE_READONLY),
                _connection.Handle);
            raw.sqlite3_db_config(_connection.Handle, Defensive, 1, out _);
            raw.sqlite3_db_config(_connection.Handle, TrustedSchema, 0, out _);
            raw.sqlite3_limit(_connection.Handle, LimitLength, LongestValue);
            raw.sqlite3_progress_handler(_connection.Handle, StepsBetweenLooks, _limit, null);
            _tables = [.. Guarded(() => _connection.Query($"select name from sqlite_schema where type = 'table' and rootpage > 0", row => row.Text("name")))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static bool IsOne(ReadOnlySpan<byte> file) => file.StartsWith("SQLite format 3\0"u8);

    /// <summary>True for one in WAL mode: what was written last may stand in another file.</summary>
    public bool WasInUse { get; }

    /// <summary>Names of the tables that hold rows of their own.</summary>
    public IReadOnlySet<string> Tables => _tables;

    public bool Has(string table, string column) =>
        _tables.Contains(table) && Guarded(() => _connection.Count($"select count(*) from pragma_table_info({table}) where name = {column}")) > 0;

    /// <exception cref="StorageException">It is damaged, has other columns, or takes too long.</exception>
    public List<T> Query<T>(Sql sql, Func<Row, T> map)
    {
        var part = sql.ToPart();
        return Guarded(() => _connection.Query($"{part}", map));
    }

    public void Dispose()
    {
        _connection?.Dispose();
        if (_file != null)
        {
            NativeMemory.Clear(_file, _length); // such files hold private keys
            NativeMemory.Free(_file);
            _file = null;
        }
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception)
            when (exception is SqliteException or InvalidOperationException or InvalidCastException or FormatException or OverflowException
                or KeyNotFoundException or ArgumentException)
        {
            throw new StorageException("The SQLite file cannot be read.", exception);
        }
    }
}
