using System.Text.Json;

namespace WgHub.Cli.Remote;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("\"a\\u001b[2Jb\"", "a [2Jb")]
    [InlineData("\"a\\u009b2Jb\"", "a 2Jb")]
    [InlineData("\"a\\r\\nb\\tc\"", "a  b c")]
    [InlineData("\"a\\u2028b\\u202ec\\u200fd\"", "a b c d")]
    [InlineData("\"Größe — 東京\"", "Größe — 東京")]
    [InlineData("[\"x\",\"y\\n\"]", "x,y ")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    [InlineData("true", "yes")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    public void A_value_is_one_line_that_no_terminal_obeys(string json, string text) => Assert.Equal(text, JsonText.Of(JsonDocument.Parse(json).RootElement));

    [Fact]
    public void What_is_within_is_told_by_dots_and_numbers() => Assert.Equal(
        [("a.b", "1"), ("list", "x,y"), ("rows[0].c", "no"), ("rows[1].c", "")],
        JsonText.Flat(JsonDocument.Parse("""{"a": {"b": 1}, "list": ["x", "y"], "rows": [{"c": false}, {"c": null}]}""").RootElement));
}
