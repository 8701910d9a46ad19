using Scriban.Syntax;
using WgHub.Hosting;

namespace WgHub.Features.Scripts;

public sealed class ScriptTemplateTests
{
    [Fact]
    public void A_hole_is_one_quoted_word_whatever_it_holds() =>
        Assert.Equal("a=[it's {{ b }}] b=[]\n", Render("a={{ a }} b={{ b }}\n", ("a", "it's {{ b }}"), ("b", "")));

    [Theory]
    [InlineData("x", "1\n[x]\n2\n")]
    [InlineData(null, "1\n2\n")]
    public void What_is_absent_is_left_out_with_its_lines(string? value, string expected) =>
        Assert.Equal(expected, Render("1\n{{ if a ~}}\n{{ a }}\n{{ end ~}}\n2\n", ("a", value)));

    [Theory]
    [InlineData("A={{ a")]
    [InlineData("A={{ a }}\nB={{ b\n")]
    [InlineData("A={{ a }")]
    [InlineData("A={{ a }\nB={{ b }}\n")]
    [InlineData("{{ if a }}A")]
    [InlineData("A{{ end }}")]
    [InlineData("{{{ a }}}")]
    [InlineData("{{& a }}")]
    public void A_template_that_is_not_whole_is_refused_when_it_is_read(string text) => Assert.Throws<FormatException>(() => new ScriptTemplate(text, Quote));

    [Theory]
    [InlineData("{{ c }}")]
    [InlineData("{{ if c }}x{{ end }}")]
    [InlineData("{{ a.length }}")]
    [InlineData("{{ a | string.upcase }}")]
    [InlineData("{{ include 'a' }}")]
    [InlineData("{{ object.eval 'a' }}")]
    [InlineData("{{ a = 'b' }}")]
    [InlineData("{{ 1 }}")]
    [InlineData("{{ capture x }}a{{ end }}{{ x }}")]
    [InlineData("{{ while true }}{{ end }}")]
    [InlineData("{{ for i in 1..1000000000 }}{{ end }}")]
    [InlineData("{{ func f; f; end; f }}")]
    [InlineData("{{ 'x' * 1000000000 }}")]
    public void Names_that_nobody_gave_functions_and_loops_fail(string text) => Assert.Throws<ScriptRuntimeException>(() => Render(text, ("a", "x")));

    /// <summary>There is no way past the quoting, not for a constant of the template either.</summary>
    [Theory]
    [InlineData("{{ a + '$(id)' }}")]
    [InlineData("{{ '$(id)' }}")]
    public void Not_even_a_template_writes_unquoted_what_is_not_its_text(string text) => Assert.Matches(@"\A\[.*\$\(id\)\]\z", Render(text, ("a", "x")));

    [Fact]
    public void A_value_that_has_no_place_in_the_language_leaves_nothing() =>
        Assert.IsType<FormatException>(
            Assert.Throws<ScriptRuntimeException>(
                () => new ScriptTemplate("A={{ a }}", PsQuoting.Quote).Render(new Dictionary<string, string?> { ["a"] = "ü" }))
                .InnerException);

    [Fact]
    public void All_that_is_embedded_can_be_read() =>
        Assert.All(EmbeddedFiles.List("templates/"), name => _ = new ScriptTemplate(EmbeddedFiles.ReadText(name), Quote));

    private static string Render(string text, params (string Name, string? Value)[] values) =>
        new ScriptTemplate(text, Quote).Render(values.ToDictionary(value => value.Name, value => value.Value));

    private static string Quote(string text) => $"[{text}]";
}
