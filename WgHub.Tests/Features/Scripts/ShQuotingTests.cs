using WgHub.TestKit;

namespace WgHub.Features.Scripts;

public sealed class ShQuotingTests
{
    public static TheoryData<string> Shells => [.. InstallScriptTests.Shells];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Every_shell_reads_a_quoted_text_as_it_was(string shell)
    {
        var texts = FsCheck.Fluent.Gen.Sample(Any.Text, 500, 40)
            .Concat(Hostile.Texts)
            .Where(text => !text.Any(char.IsControl))
            .Append("'")
            .Append("''")
            .Append("\\'")
            .Append("")
            .ToArray();
        var script = string.Concat(texts.Select(text => $"printf '%s\\n' {ShQuoting.Quote(text)}\n"));

        var said = (await Shell.RunAsync(shell.Split(' '), script, Cancel)).OrThrow();

        Assert.Equal(string.Concat(texts.Select(text => text + "\n")), said);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("a\u001bb")]
    [InlineData("a\u0085b")]
    public void A_control_character_has_no_place_in_a_script(string text) =>
        Assert.Throws<FormatException>(() => ShQuoting.Quote(text));
}
