using System.Text;

namespace WgHub.Web;

/// <summary>One record of a file.</summary>
/// <param name="Line">Where it begins, from 1.</param>
internal sealed record CsvRow(int Line, IReadOnlyList<string> Cells);

/// <summary>Reads and writes comma-separated values (RFC 4180), also with the semicolons and tabs that spreadsheets write.</summary>
internal static class Csv
{
    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>Quoted; and what a spreadsheet would take for a formula is made a text: part of it comes from outside.</summary>
    public static string Cell(string? text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text ?? "";
        return safe.IndexOfAny(['"', ',', '\r', '\n']) < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <returns>A record, with its end of line.</returns>
    public static string Line(params IEnumerable<string?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    /// <summary>The records, without empty lines. The separator is the one that the first line has most of.</summary>
    /// <exception cref="FormatException">A quote that is not closed, or one within a cell that does not begin with it; tells the line.</exception>
    public static IReadOnlyList<CsvRow> Read(string text)
    {
        var reader = new Reader(text.TrimStart('\uFEFF'));
        List<CsvRow> rows = [];
        while (reader.TryRead(out var row))
        {
            if (row.Cells is not [""])
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private sealed class Reader(string text)
    {
        private readonly char _separator = Separators.MaxBy(separator => text.TakeWhile(c => c is not '\r' and not '\n').Count(c => c == separator));
        private int _at;
        private int _line = 1;

        public bool TryRead(out CsvRow row)
        {
            var (line, isThere) = (_line, _at < text.Length);
            List<string> cells = [];
            do
            {
                cells.Add(isThere ? ReadCell() : "");
            }
            while (isThere && TrySkip(_separator));

            TrySkip('\r');
            _line += TrySkip('\n') ? 1 : 0;
            row = new(line, cells);
            return isThere;
        }

        private string ReadCell()
        {
            if (TrySkip('"'))
            {
                return ReadQuoted();
            }

            var start = _at;
            while (_at < text.Length && text[_at] != _separator && text[_at] is not '\r' and not '\n')
            {
                if (text[_at++] == '"')
                {
                    throw new FormatException($"Line {_line}: a quote within a cell that does not begin with one.");
                }
            }

            return text[start.._at];
        }

        private string ReadQuoted()
        {
            var (cell, begun) = (new StringBuilder(), _line);
            while (_at < text.Length)
            {
                var c = text[_at++];
                if (c == '"' && !TrySkip('"'))
                {
                    return _at == text.Length || text[_at] == _separator || text[_at] is '\r' or '\n'
                        ? cell.ToString()
                        : throw new FormatException($"Line {_line}: something follows the closing quote of a cell.");
                }

                cell.Append(c);
                _line += c == '\n' ? 1 : 0;
            }

            throw new FormatException($"Line {begun}: a quote that is not closed.");
        }

        private bool TrySkip(char c)
        {
            var isNext = _at < text.Length && text[_at] == c;
            _at += isNext ? 1 : 0;
            return isNext;
        }
    }
}
