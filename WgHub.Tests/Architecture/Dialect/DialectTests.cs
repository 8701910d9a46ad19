using System.Globalization;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Architecture.Dialect;

/// <summary>All SQL of the rooms is of the dialect that SQLite and PostgreSQL share: a second engine is a matter of Storage alone.</summary>
public sealed partial class DialectTests
{
    private static readonly Lazy<IReadOnlyList<Statement>> Found = new(() => [.. new Statements(House.Compilation).All()]);

    [Fact]
    public async Task A_PostgreSQL_prepares_every_statement_on_the_migrated_schema()
    {
        await using var postgres = await Postgres.StartAsync();
        var migrations = Directory.GetFiles(Repository.PathOf("WgHub/Storage/Migrations")).Order(StringComparer.Ordinal).Select(File.ReadAllText);

        Assert.DoesNotContain("ERROR", await postgres.RunAsync(string.Concat(migrations)), StringComparison.Ordinal);
        Assert.InRange(Found.Value.Count, 180, 2_000);
        Assert.Empty(Refused(await postgres.RunAsync(string.Concat(Found.Value.Select(Prepare)))));
    }

    [Fact]
    public async Task A_statement_that_it_does_not_know_would_be_told()
    {
        await using var postgres = await Postgres.StartAsync();

        var refused =
            Refused(
                await postgres.RunAsync(Prepare(new("here", "select instr('a', ?) as place"), 0) + Prepare(new("there", "select 1 as one where 'b' = ?"), 1)));

        Assert.Contains("here", Assert.Single(refused), StringComparison.Ordinal);
    }

    [Fact]
    public void No_query_gives_two_columns_one_name() =>
        Assert.DoesNotContain(Found.Value, statement => NamesOf(statement.Text) is var names && names.Distinct().Count() < names.Count);

    private static string Prepare(Statement statement, int number)
    {
        var values = 0;
        var text = Value().Replace(statement.Text, _ => string.Create(CultureInfo.InvariantCulture, $"${++values}"));
        return $"\\warn @{statement.Place} {text.ReplaceLineEndings(" ").Replace('\'', ' ')}\nprepare s{number} as {text};\n";
    }

    private static List<string> Refused(string printed) =>
        [.. printed.Split('@', StringSplitOptions.RemoveEmptyEntries).Where(part => part.Contains("ERROR", StringComparison.Ordinal))];

    /// <summary>The names of the columns that a select or returning tells, outside of brackets.</summary>
    private static List<string> NamesOf(string sql)
    {
        var flat = sql;
        while (Brackets().Replace(flat, " ") is var next && next != flat)
        {
            flat = next;
        }

        return Columns().Match(flat) is { Success: true } columns && !flat.TrimStart().StartsWith("insert", StringComparison.Ordinal)
            ? [.. columns.Groups["list"].Value.Split(',').Select(column => LastWord().Match(column.Trim()).Value)]
            : [];
    }

    [GeneratedRegex(@"\?")]
    private static partial Regex Value();

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex Brackets();

    [GeneratedRegex(@"\bselect (distinct )?(?<list>.*?)\sfrom\b", RegexOptions.Singleline)]
    private static partial Regex Columns();

    [GeneratedRegex(@"\w+$")]
    private static partial Regex LastWord();
}
