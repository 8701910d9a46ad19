using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Data.Sqlite;

namespace WgHub.Storage;

/// <summary>
/// SQL written as an interpolated string: each hole becomes a bound parameter, never text. A hole that is a <see cref="SqlPart"/> is joined in
/// with its own parameters. A time is bound in Unix milliseconds, as <see cref="Row.Time"/> reads it.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct Sql
{
    /// <summary>Stands for a parameter until the whole statement is known; no SQL of ours holds it.</summary>
    internal const char Hole = '\u0001';

    private readonly StringBuilder _text;
    private readonly List<object> _values;

    public Sql(int literalLength, int formattedCount) =>
        (_text, _values) = (new(literalLength + (formattedCount * 4)), new(formattedCount));

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(SqlPart part)
    {
        _text.Append(part.Text);
        _values.AddRange(part.Values);
    }

    public void AppendFormatted<T>(T value)
    {
        _text.Append(Hole);
        _values.Add(value switch
        {
            null => DBNull.Value,
            HubId hub => hub.Value,
            DateTimeOffset time => time.ToUnixTimeMilliseconds(),
            _ => value,
        });
    }

    public SqlPart ToPart() => new(_text.ToString(), _values);

    /// <summary>True where the text of a column holds a part; case counts, so both are given in one case.</summary>
    /// <param name="column">An expression that stands in the code.</param>
    public static SqlPart Contains(string column, string part)
    {
        var pattern =
            $"%{part.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";
        return SqlPart.Of($"{new SqlPart(column)} like {pattern} escape '!'");
    }

    /// <summary>Gives a command that this statement made, for other values, its own: SQLite then reads the text once for many rows.</summary>
    public void Refill(SqliteCommand command)
    {
        for (var value = 0; value < _values.Count; value++)
        {
            command.Parameters[value].Value = _values[value];
        }
    }

    public SqliteCommand On(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        var text = new StringBuilder(_text.Length + (_values.Count * 3));
        foreach (var chunk in _text.GetChunks())
        {
            foreach (var c in chunk.Span)
            {
                if (c != Hole)
                {
                    text.Append(c);
                    continue;
                }

                var name = string.Create(CultureInfo.InvariantCulture, $"$p{command.Parameters.Count}");
                text.Append(name);
                command.Parameters.AddWithValue(name, _values[command.Parameters.Count]);
            }
        }

        command.CommandText = text.ToString();
        return command;
    }
}

/// <summary>The statement for one of many rows; its text is the same for all of them.</summary>
internal delegate Sql StatementFor<in T>(T item);

/// <summary>A piece of SQL with its values, such as a condition that several statements share.</summary>
internal sealed class SqlPart
{
    /// <summary>Text that stands in the code; never one that came from outside.</summary>
    public SqlPart(string constant)
        : this(constant, [])
    {
    }

    internal SqlPart(string text, IReadOnlyList<object> values) => (Text, Values) = (text, values);

    internal string Text { get; }

    internal IReadOnlyList<object> Values { get; }

    public static SqlPart Of(Sql sql) => sql.ToPart();

    /// <summary>Both this condition and <paramref name="sql"/>.</summary>
    public SqlPart And(Sql sql)
    {
        var other = sql.ToPart();
        return new($"{Text} and ({other.Text})", [.. Values, .. other.Values]);
    }
}
