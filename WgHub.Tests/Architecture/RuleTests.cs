using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Architecture;

/// <summary>Rules that no compiler knows.</summary>
public sealed partial class RuleTests
{
    private const int LongestFile = 300;

    private static readonly string[] Settings = [".editorconfig", "Directory.Build.props", "WgHub/WgHub.csproj"];

    private static readonly string[] LetIn = ["WgHub/Features/Auth/Accounts/SealedKeyRing.cs", "WgHub/WireGuard/CommandRunner.cs"];

    [Fact]
    public void No_file_is_too_long_to_read() =>
        Assert.DoesNotContain(Sources.OfTheHub(".cs", ".cshtml"), file => file.Text.Count(c => c == '\n') > LongestFile);

    [Fact]
    public void A_table_has_one_room_that_writes_it()
    {
        var writers = Sources.OfTheHub(".cs").SelectMany(file => Write().Matches(file.Text), (file, match) => (Table: match.Groups["table"].Value, file.Room)).Distinct().ToList();

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

    [Fact]
    public void No_template_leaves_out_the_quoting()
    {
        var templates = Directory.GetFiles(Repository.PathOf("templates"), "*", SearchOption.AllDirectories);

        Assert.NotEmpty(templates);
        Assert.DoesNotContain(templates, file => Unquoted().IsMatch(File.ReadAllText(file)));
    }

    [GeneratedRegex(@"\b(insert into|delete from) (?<table>[a-z_]+)|\bupdate (?<table>[a-z_]+) set\b")]
    private static partial Regex Write();

    [GeneratedRegex(@"\b(create|alter|drop) (unique )?(table|index|view|trigger)\b")]
    private static partial Regex Definition();

    // Handlebars passes a value on as it is in three braces and with an ampersand.
    [GeneratedRegex(@"\{\{(\{|~?\s*&)")]
    private static partial Regex Unquoted();
}
