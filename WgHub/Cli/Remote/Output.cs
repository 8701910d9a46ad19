using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Cli.Remote;

/// <summary>How an answer is written: a table of one line a row, for people and for grep, or the API's own JSON.</summary>
internal sealed class Output
{
    private const string Table = "table";
    private const string Wide = "wide";
    private const string Name = "name";
    private const string Json = "json";

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    private readonly Option<bool> _json = new("--json") { Description = "For programs: what the API answers." };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "table, wide, name or json.", HelpName = "FORM" };
    private readonly Option<string?> _columns = new("--columns")
    { Description = "Members of the API's answer, by commas, instead of the usual columns.", HelpName = "A,B,…" };

    public void AddTo(Command command, bool isList)
    {
        command.Options.Add(_json);
        if (isList)
        {
            command.Options.Add(_output);
            command.Options.Add(_columns);
        }
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json) || FormOf(parsed) == Json;

    /// <summary>Writes a list.</summary>
    /// <param name="nameMember">What <c>--output name</c> writes.</param>
    public void WriteRows(ParseResult parsed, Verb list, string nameMember, IReadOnlyList<JsonElement> rows)
    {
        var form = FormOf(parsed);
        if (form == Name)
        {
            Write(rows.Select(row => JsonText.Of(row, nameMember)));
            return;
        }

        IReadOnlyList<Column> columns = parsed.GetValue(_columns) is { } chosen
            ? [.. chosen.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(member => ColumnOf(member, rows))]
            : form == Wide ? [.. list.Columns, .. list.More] : list.Columns;
        Write(Lines([.. columns.Select(column => column.Head)],
            [.. rows.Select(row => columns.Select(column => JsonText.Of(row, column.Member) is { Length: > 0 } cell ? cell : column.Empty).ToArray())]));
    }

    /// <summary>Writes a list that no hub answered, but the data itself.</summary>
    public void WriteList(ParseResult parsed, Verb list, IReadOnlyList<JsonObject> rows)
    {
        var all = JsonText.ElementOf(new JsonArray([.. rows]));
        if (IsJson(parsed))
        {
            WriteJson(writer =>
            {
                writer.WriteStartObject();
                writer.WritePropertyName(list.Rows!);
                all.WriteTo(writer);
                writer.WriteEndObject();
            });
        }
        else
        {
            WriteRows(parsed, list, "name", [.. all.EnumerateArray()]);
        }
    }

    /// <summary>A time as the API writes it; null for never.</summary>
    public static string? Text(DateTimeOffset? time) => time is { } at ? UtcText.Of(at) : null;

    /// <summary>Writes a thing: a line for each of its members.</summary>
    public static void WriteThing(JsonElement thing) =>
        Write(Lines(null, [.. JsonText.Flat(thing).Select(line => new[] { line.Name, line.Value.Length > 0 ? line.Value : "-" })]));

    /// <summary>Writes JSON for a person's eye, which a program reads as well.</summary>
    public static void WriteJson(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            write(writer);
        }

        Console.Out.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    private static void Write(IEnumerable<string> lines) => Console.Out.Write(string.Concat(lines.Select(line => line + "\n")));

    /// <summary>Columns that are as wide as what is in them. Nothing is cut off.</summary>
    private static IEnumerable<string> Lines(string[]? head, IReadOnlyList<string[]> rows)
    {
        var all = head is null ? rows : [head, .. rows];
        if (all.Count == 0)
        {
            return [];
        }

        var widths = Enumerable.Range(0, all[0].Length).Select(column => all.Max(row => row[column].Length)).ToArray();
        return all.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static Column ColumnOf(string member, IReadOnlyList<JsonElement> rows) =>
        rows.Count == 0 || JsonText.Member(rows[0], member) is not null
            ? new(member.ToUpperInvariant(), member)
            : throw new UsageException($"--columns {member}: there are {string.Join(", ", rows[0].EnumerateObject().Select(one => one.Name))}.");

    private string FormOf(ParseResult parsed)
    {
        var form = parsed.CommandResult.Command.Options.Contains(_output) ? parsed.GetValue(_output) : null;
        return form is null or Table or Wide or Name or Json ? form ?? Table : throw new UsageException($"--output {form}: table, wide, name or json.");
    }
}
