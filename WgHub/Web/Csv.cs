using CsvHelper;

namespace WgHub.Web;

/// <summary>One record of a file.</summary>
/// <param name="Line">Where it begins, from 1.</param>
internal sealed record CsvRow(int Line, IReadOnlyList<string> Cells);

/// <summary>How comma-separated values (RFC 4180) are read and written; read also with the semicolons and tabs that spreadsheets write.</summary>
internal static class Csv
{
    private static CsvReaderOptions Strict(char? separator) =>
        new() { HasHeader = false, MalformedData = CsvMalformedDataHandling.Throw, TrackLineNumbers = true, Separator = separator };

    /// <summary>What a spreadsheet would take for a formula is made a text: part of it comes from outside.</summary>
    public static CsvWriterOptions Safe { get; } = new() { Injection = CsvInjection.Escape };

    /// <summary>The records, without lines that hold nothing.</summary>
    /// <param name="separator">Null for the one that the text shows.</param>
    /// <exception cref="FormatException">A quote that is not closed, or one within a cell that does not begin with it; tells the line.</exception>
    public static IReadOnlyList<CsvRow> Read(string text, char? separator = null)
    {
        using var reader = CsvReader.FromText(text, Strict(separator));
        List<CsvRow> rows = [];
        while (reader.Read())
        {
            if (reader.Current.ToArray() is not [""] and var cells)
            {
                rows.Add(new((int)reader.LineNumber, cells));
            }
        }

        return rows;
    }

    /// <summary>A whole file in memory; see <see cref="Safe"/>.</summary>
    public static string Write(IEnumerable<string?[]> rows)
    {
        using var text = new StringWriter();
        using (var writer = CsvWriter.Create(text, Safe))
        {
            foreach (var row in rows)
            {
                writer.WriteRecord(row);
            }
        }

        return text.ToString();
    }
}
