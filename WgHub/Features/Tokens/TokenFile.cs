using System.Globalization;
using System.Text.Json;
using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>A wish for one token of many, as it stands in a file.</summary>
/// <param name="Line">Where, for people: the line of a CSV file, the number of a JSON entry; from 1.</param>
/// <param name="Problem">What of it could not even be read; null for nothing.</param>
internal sealed record FileRow(int Line, CreateToken Wish, string? Problem = null);

/// <summary>A list of tokens to be: CSV with a line of names, or JSON as the API takes it.</summary>
internal static class TokenFile
{
    private static readonly char[] BetweenTags = [',', ';', ' '];

    private static readonly Dictionary<string, Func<CreateToken, string, CreateToken>> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["spokeName"] = (wish, text) => wish with { SpokeName = text },
        ["customIP"] = (wish, text) => wish with { CustomIP = text },
        ["platform"] = (wish, text) => wish with { Platform = text },
        ["group"] = (wish, text) => wish with { Group = text },
        ["owner"] = (wish, text) => wish with { Owner = text },
        ["tags"] = (wish, text) => wish with { Tags = text.Split(BetweenTags, StringSplitOptions.RemoveEmptyEntries) },
        ["expiresInHours"] = (wish, text) => wish with { ExpiresInHours = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) },
        ["spokeExpiresAt"] = (wish, text) => wish with { SpokeExpiresAt = text },
    };

    public static string ColumnNames => string.Join(", ", Columns.Keys);

    /// <exception cref="AppException">VALIDATION_FAILED for the field <c>text</c>.</exception>
    public static IReadOnlyList<FileRow> Read(string? text)
    {
        try
        {
            return text?.TrimStart() switch
            {
                null or "" => throw new FormatException("There is nothing in it."),
                ['[' or '{', ..] json => ReadJson(json),
                _ => ReadCsv(text),
            };
        }
        catch (FormatException exception)
        {
            throw WebErrors.Invalid("text", exception.Message);
        }
    }

    private static IReadOnlyList<FileRow> ReadJson(string text)
    {
        try
        {
            var wishes = text[0] == '['
                ? JsonSerializer.Deserialize(text, TokenJson.Default.ListCreateToken)
                : JsonSerializer.Deserialize(text, TokenJson.Default.ImportTokens)?.Tokens;
            return [.. (wishes ?? []).Select((wish, index) => new FileRow(index + 1, wish ?? new(null)))];
        }
        catch (JsonException exception)
        {
            throw new FormatException($"This is not the JSON of a list of tokens: {exception.Path ?? "$"}, line {(exception.LineNumber ?? 0) + 1}.");
        }
    }

    private static IReadOnlyList<FileRow> ReadCsv(string text)
    {
        var rows = Csv.Read(text) is { Count: > 0 } found ? found : throw new FormatException("There is nothing in it.");
        var head = rows[0];
        string[] names = [.. head.Cells.Select(cell => cell.Trim())];
        if (names.FirstOrDefault(name => !Columns.ContainsKey(name)) is { } unknown)
        {
            throw new FormatException($"Line {head.Line}: '{unknown}' is no column. The first line names the columns; there are {ColumnNames}.");
        }

        return names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < names.Length
            ? throw new FormatException($"Line {head.Line}: a column stands twice.")
            : [.. rows.Skip(1).Select(row => ReadRow(names, row))];
    }

    private static FileRow ReadRow(string[] names, CsvRow row)
    {
        var wish = new CreateToken(null);
        if (row.Cells.Count > names.Length)
        {
            return new(row.Line, wish, $"{row.Cells.Count} cells for {names.Length} columns.");
        }

        foreach (var (name, cell) in names.Zip(row.Cells, (name, cell) => (name, cell.Trim())).Where(pair => pair.Item2.Length > 0))
        {
            try
            {
                wish = Columns[name](wish, cell);
            }
            catch (Exception exception) when (exception is FormatException or OverflowException)
            {
                return new(row.Line, wish, $"{name}: a number.");
            }
        }

        return new(row.Line, wish);
    }
}
