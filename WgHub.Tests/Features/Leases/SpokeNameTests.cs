using WgHub.TestKit;

namespace WgHub.Features.Leases;

public sealed class SpokeNameTests
{
    public static TheoryData<string> HostileTexts =>
        [.. Hostile.Texts, Hostile.Long, new string('a', 64), "", ".a", "_a", "a\n", " a", "ä", "\u017f", "\u212a"];

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void What_is_no_name_is_refused(string text) => Assert.False(SpokeName.TryParse(text, out _));

    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("Web-01.example_x")]
    public void A_name_stays_as_it_was_written(string text)
    {
        Assert.True(SpokeName.TryParse(text, out var name));
        Assert.Equal(text, name.Text);
    }

    [Fact]
    public void Names_that_differ_by_case_alone_share_a_key()
    {
        Assert.True(SpokeName.TryParse("WEB", out var upper));
        Assert.True(SpokeName.TryParse("web", out var lower));

        Assert.Equal(upper.Key, lower.Key);
    }

    [Fact]
    public void Whatever_is_taken_for_a_name_is_one_word_for_sh_and_a_file() =>
        Any.Holds(Any.Text, text => !SpokeName.TryParse(text, out _) || text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'));
}
