using System.Globalization;
using System.Text.Json;
using WgHub.Features.Labels;
using WgHub.Features.Routes;
using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>A wish for one token of many, as it stands in a file.</summary>
/// <param name="Line">Where, for people: the line of a CSV file, the number of a JSON entry; from 1.</param>
/// <param name="Problem">What of it could not even be read; null for nothing.</param>
internal sealed record FileRow(int Line, CreateToken Wish, string? Problem = null);

/// <summary>A list of tokens to be: CSV with a line of names, or JSON as the API takes it.</summary>
internal static class TokenFile
{
    private static readonly Dictionary<string, Func<CreateToken, string, CreateToken>> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["spokeName"] = (wish, text) => wish with { SpokeName = text },
        ["customIP"] = (wish, text) => wish with { CustomIP = text },
        ["addressV6"] = (wish, text) => wish with { AddressV6 = text },
        ["platform"] = (wish, text) => wish with { Platform = text.ToLowerInvariant() },
        ["group"] = (wish, text) => wish with { Group = text },
        ["owner"] = (wish, text) => wish with { Owner = text },
        ["tags"] = (wish, text) => wish with { Tags = Tags.Split(text) },
        ["expiresInHours"] = (wish, text) => wish with { ExpiresInHours = int.Parse(Whole(text), NumberStyles.None, CultureInfo.InvariantCulture) },
        ["routes"] = (wish, text) => wish with { Routes = RoutesWish.Of(text) },
        ["spokeExpiresAt"] = (wish, text) => wish with { SpokeExpiresAt = IsoDate(text) },
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
        // A spreadsheet goes on writing rows and columns that somebody has emptied.
        var rows = Csv.Read(text, SeparatorOf(text)).Where(row => !row.Cells.All(string.IsNullOrWhiteSpace)).ToList();
        var head = rows.Count > 0 ? rows[0] : throw new FormatException("There is nothing in it.");
        string[] names = [.. head.Cells.Select(cell => cell.Trim())];
        if (names.FirstOrDefault(name => name.Length > 0 && !Columns.ContainsKey(name)) is { } unknown)
        {
            throw new FormatException($"Line {head.Line}: '{unknown}' is no column. The first line names the columns; there are {ColumnNames}.");
        }

        return names.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Any(same => same.Count() > 1)
            ? throw new FormatException($"Line {head.Line}: a column stands twice.")
            : [.. rows.Skip(1).Select(row => ReadRow(names, row))];
    }

    /// <summary>
    /// What stands between the names of the columns: no name holds it, whatever cells do. Null for a single column, and for Excel's own first line.
    /// </summary>
    private static char? SeparatorOf(string text)
    {
        var head = text.AsSpan().TrimStart("\uFEFF\r\n\t \"");
        head = head[..(head.IndexOfAny('\r', '\n') is var end and >= 0 ? end : head.Length)];
        return head.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) || head.IndexOfAny(',', ';', '\t') is not (var place and >= 0) ? null : head[place];
    }

    /// <summary>A number as a spreadsheet shows it: 24.0 and 24,00 are 24.</summary>
    private static string Whole(string text) =>
        text.IndexOfAny(['.', ',']) is var mark and > 0 && text.AsSpan(mark + 1).TrimEnd('0').IsEmpty && mark + 1 < text.Length ? text[..mark] : text;

    /// <summary>31.01.2027 is the one date that it can be; with slashes it may be two.</summary>
    private static string IsoDate(string text) =>
        DateOnly.TryParseExact(text, "d.M.yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : text;

    private static FileRow ReadRow(string[] names, CsvRow row)
    {
        var wish = new CreateToken(null);
        foreach (var (place, cell) in row.Cells.Select((cell, place) => (place, cell.Trim())).Where(pair => pair.Item2.Length > 0))
        {
            var name = place < names.Length ? names[place] : "";
            if (name.Length == 0)
            {
                return new(row.Line, wish, $"Cell {place + 1} stands in a column that has no name.");
            }

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
