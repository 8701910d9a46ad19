using System.Data.Common;

namespace WgHub.Storage;

/// <summary>
/// The row that a query is at. Columns go by the name that the query gives them, so that one more column moves no other; a query
/// that gives two columns one name is refused. As in SQL, case does not matter: a column keeps the case that its table was made with.
/// </summary>
/// <exception cref="KeyNotFoundException">The query has no column of that name.</exception>
/// <exception cref="InvalidCastException">The column holds another type, or nothing where there must be something.</exception>
internal sealed class Row
{
    private readonly DbDataReader _reader;
    private readonly Dictionary<string, int> _columns;

    /// <exception cref="ArgumentException">Two columns have one name.</exception>
    public Row(DbDataReader reader)
    {
        _reader = reader;
        _columns = new(reader.FieldCount, StringComparer.OrdinalIgnoreCase);
        for (var ordinal = 0; ordinal < reader.FieldCount; ordinal++)
        {
            _columns.Add(reader.GetName(ordinal), ordinal);
        }
    }

    public string Text(string column) => _reader.GetString(_columns[column]);

    public string? TextOrNull(string column) => _columns[column] is var ordinal && _reader.IsDBNull(ordinal) ? null : _reader.GetString(ordinal);

    public long Number(string column) => _reader.GetInt64(_columns[column]);

    public long? NumberOrNull(string column) => _columns[column] is var ordinal && _reader.IsDBNull(ordinal) ? null : _reader.GetInt64(ordinal);

    /// <exception cref="OverflowException">It does not fit.</exception>
    public int Int(string column) => checked((int)Number(column));

    public bool Flag(string column) => _reader.GetBoolean(_columns[column]);

    /// <summary>A column of Unix milliseconds.</summary>
    public DateTimeOffset Time(string column) => DateTimeOffset.FromUnixTimeMilliseconds(Number(column));

    /// <inheritdoc cref="Time"/>
    public DateTimeOffset? TimeOrNull(string column) => NumberOrNull(column) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    /// <summary>All columns in their order, for whoever looks at a table without knowing it.</summary>
    public IEnumerable<object> Values() => Enumerable.Range(0, _reader.FieldCount).Select(_reader.GetValue);
}
