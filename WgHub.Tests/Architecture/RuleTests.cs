using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Architecture;

/// <summary>Rules that no compiler knows.</summary>
public sealed partial class RuleTests
{
    private static readonly string[] Settings = [".editorconfig", "Directory.Build.props", "WgHub/WgHub.csproj"];

    private static readonly string[] LetIn = ["WgHub/Features/Auth/Accounts/SealedKeyRing.cs", "WgHub/WireGuard/CommandRunner.cs"];

    [Fact]
    public void A_table_has_one_room_that_writes_it()
    {
        var writers = Sources.OfTheHub(".cs")
            .SelectMany(file => Write().Matches(file.Text), (file, match) => (Table: match.Groups["table"].Value, file.Room))
            .Distinct()
            .ToList();

        Assert.Contains(("leases", "Features.Leases"), writers);
        Assert.Empty(writers.GroupBy(writer => writer.Table).Where(table => table.Count() > 1).Select(table => string.Join(", ", table)));
    }

    [Fact]
    public void Tables_are_made_by_migrations_alone() =>
        Assert.DoesNotContain(Sources.OfTheHub(".cs"), file => Definition().IsMatch(file.Text));

    [Fact]
    public void A_banned_symbol_is_let_in_where_it_is_told_why_and_nowhere_else() =>
        Assert.Equal(
            LetIn,
            Sources.OfTheHub(".cs").Where(file => file.Text.Contains("RS0030", StringComparison.Ordinal)).Select(file => file.Path));

    [Fact]
    public void No_setting_turns_the_ban_off()
    {
        var settings = string.Concat(Settings.Select(name => File.ReadAllText(Repository.PathOf(name))));

        Assert.Contains("BannedSymbols.txt", settings, StringComparison.Ordinal);
        Assert.DoesNotContain("RS0030", settings, StringComparison.Ordinal);
    }

    /// <summary>The analyzer says nothing of a name that it does not find: what a new version of a package renames would be let in.</summary>
    [Fact]
    public void What_is_banned_is_there_to_be_banned() =>
        Assert.All(File.ReadAllLines(Repository.PathOf("BannedSymbols.txt")), line => Assert.True(Exists(Banned().Match(line)), line));

    /// <summary>The tag helper says UTC, and a script the browser's own time: what a page says by itself stays in UTC.</summary>
    [Fact]
    public void A_page_says_a_time_by_its_tag()
    {
        var pages = Sources.OfTheHub(".cshtml").ToList();

        Assert.Contains(pages, page => page.Text.Contains("<time at=", StringComparison.Ordinal));
        Assert.DoesNotContain(pages, page => OtherTime().IsMatch(page.Text));
    }

    [Fact]
    public void A_template_has_holes_and_conditions_and_computes_nothing()
    {
        var braces = Directory.GetFiles(Repository.PathOf("templates"), "*", SearchOption.AllDirectories)
            .SelectMany(file => Braces().Matches(File.ReadAllText(file)))
            .Select(match => match.Value)
            .ToList();

        Assert.NotEmpty(braces);
        Assert.All(braces, brace => Assert.Matches(@"\A\{\{ (if |for network in )?[A-Za-z0-9]+ ~?\}\}\z", brace));
    }

    private static bool Exists(Match symbol)
    {
        string[] assemblies = ["System.Runtime", "System.Threading.Thread", "System.Diagnostics.Process", "Htmx", "CliWrap"];
        var type = assemblies.Select(name => Type.GetType($"{symbol.Groups["type"].Value}, {name}")).FirstOrDefault(found => found is not null);
        var parameters = symbol.Groups["parameters"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return symbol.Groups["kind"].Value switch
        {
            "T" => type is not null,
            "P" => type?.GetProperty(symbol.Groups["member"].Value) is not null,
            _ =>
                type?.GetMethods()
                    .Any(
                        method =>
                            method.Name == symbol.Groups["member"].Value
                                && method.GetParameters().Select(parameter => parameter.ParameterType.FullName).SequenceEqual(parameters)) == true,
        };
    }

    [GeneratedRegex(@"\bAge\.(Of|Stamp)\(|<time (?!at=)| UTC<")]
    private static partial Regex OtherTime();

    [GeneratedRegex(@"\A((?<kind>T):(?<type>[^;(]+)|(?<kind>[MP]):(?<type>[^;(]+)\.(?<member>[^.;(]+)(\((?<parameters>[^)]*)\))?);.")]
    private static partial Regex Banned();

    [GeneratedRegex(@"\b(insert into|delete from) (?<table>[a-z_]+)|\bupdate (?<table>[a-z_]+) set\b")]
    private static partial Regex Write();

    [GeneratedRegex(@"\b(create|alter|drop) (unique )?(table|index|view|trigger)\b")]
    private static partial Regex Definition();

    [GeneratedRegex(@"\{\{.*?(\}\}|$)", RegexOptions.Multiline)]
    private static partial Regex Braces();
}
