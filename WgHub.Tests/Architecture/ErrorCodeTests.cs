using System.Reflection;
using System.Text.RegularExpressions;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Architecture;

/// <summary>The codes are what programs hold on to: docs/api.md names each, with its status, and no other.</summary>
public sealed partial class ErrorCodeTests
{
    private static readonly IReadOnlyList<(string Code, string Status)> Used =
        [.. Sources.OfTheHub(".cs")
            .SelectMany(file => Refusal().Matches(file.Text))
            .Select(match => (CodeOf(match), match.Groups["status"].Value))
            .Distinct()
            .Order()];

    [Fact]
    public void Docs_and_code_agree_on_every_code_and_its_status()
    {
        var documented = Row().Matches(File.ReadAllText(Repository.PathOf("docs/api.md")))
            .SelectMany(row => Name().Matches(row.Groups["codes"].Value), (row, name) => (name.Value, row.Groups["status"].Value));

        Assert.Equal(Used, documented.Order());
    }

    [Fact]
    public void A_code_has_one_status() => Assert.Equal(Used.Count, Used.DistinctBy(use => use.Code).Count());

    private static string CodeOf(Match refusal) => refusal.Groups["code"] is { Success: true } literal
        ? literal.Value
        : (string)typeof(WebErrors).GetField(refusal.Groups["name"].Value, BindingFlags.Public | BindingFlags.Static)!.GetRawConstantValue()!;

    /// <summary>The first two arguments of an AppException: the status, then the code as a literal or as a constant of WebErrors.</summary>
    [GeneratedRegex(@"StatusCodes\.Status(?<status>\d{3})\w+, (""(?<code>[A-Z_]+)""|(WebErrors\.)?(?<name>[A-Z]\w+)),")]
    private static partial Regex Refusal();

    [GeneratedRegex(@"^\| (?<codes>`[A-Z_]+`( · `[A-Z_]+`)*) \| (?<status>\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("[A-Z_]+")]
    private static partial Regex Name();
}
