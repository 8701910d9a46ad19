using WgHub.TestKit;

namespace WgHub.Features.Scripts;

public sealed class PsQuotingTests
{
    [Fact]
    public async Task Whatever_is_quoted_is_one_word_and_nothing_else()
    {
        var texts = Hostile.Texts.Where(text => text.All(c => c is >= ' ' and <= '~'))
            .Append("'")
            .Append("''")
            .Append("`'")
            .Append("'; Remove-Item x; '")
            .Append("@'")
            .Append("")
            .ToArray();

        var parsed = await PowerShellParser.ReadAsync(string.Concat(texts.Select(text => $"Write-Host {PsQuoting.Quote(text)}\n")));

        Assert.Empty(parsed.Errors);
        Assert.Equal(texts.Select(text => $"Write-Host {PsQuoting.Quote(text)}"), parsed.Runs);
        Assert.Equal(["Write-Host"], parsed.Commands);
    }

    [Theory]
    [InlineData("a\u2018b")]
    [InlineData("a\u2019b")]
    [InlineData("a\u201ab")]
    [InlineData("a\u201bb")]
    [InlineData("ü")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u007fb")]
    public void What_5_1_could_take_for_something_else_has_no_place_in_a_script(string text) =>
        Assert.Throws<FormatException>(() => PsQuoting.Quote(text));
}
