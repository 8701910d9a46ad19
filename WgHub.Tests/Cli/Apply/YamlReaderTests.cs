using WgHub.Hosting;

namespace WgHub.Cli.Apply;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("a: [1, 'x', ~, null, \"null\"]", "{a: [1, x, -, -, null]}")]
    [InlineData("", "-")]
    [InlineData("# nothing\n", "-")]
    [InlineData("---\n- a\n- {b: c}\n", "[a, {b: c}]")]
    [InlineData("a: no\nb: 010\nc: 1e3\nd: 2027-01-31\n", "{a: no, b: 010, c: 1e3, d: 2027-01-31}")] // a text is what stands there
    [InlineData("a: |\n  two\n  lines\n", "{a: two\nlines\n}")]
    public void Plain_YAML_is_lists_maps_and_texts(string yaml, string read) => Assert.Equal(read, Text(new YamlReader("f").Read(yaml)));

    [Theory]
    [InlineData("a: &x 1\nb: *x\n", "f:1: anchors and aliases (& and *) are not taken: write it out.")]
    [InlineData("a:\n- *x\n", "f:2: anchors and aliases (& and *) are not taken: write it out.")]
    [InlineData("a: !!binary aGVsbG8=\n", "f:1: tags (tag:yaml.org,2002:binary) are not taken.")]
    [InlineData("a: !ruby/object:Gem {}\n", "f:1: tags (!ruby/object:Gem) are not taken.")]
    [InlineData("a: 1\nb: 2\na: 3\n", "f:3: 'a' stands twice.")]
    [InlineData("{a: 1}: 2\n", "f:1: a key is a text.")]
    [InlineData("a: 1\n---\nb: 2\n", "f:2: a second document begins; one file is one document.")]
    public void What_makes_more_of_a_file_than_stands_in_it_is_refused_with_its_line(string yaml, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<UsageException>(() => new YamlReader("f").Read(yaml)).Message);

    [Theory]
    [InlineData("a: [1\n")]
    [InlineData("a: 'x\n")]
    [InlineData("a: 1\n b: 2\n")]
    [InlineData("%YAML 9.9\n---\na\n")]
    [InlineData("a: \"\\q\"\n")]
    [InlineData("a: b: c\n")]
    [InlineData("a: 1\n\0b: 2\n")]
    [InlineData("a: \ufffd\n")]
    [InlineData("a: \u001b[2J\n")]
    public void What_is_no_YAML_is_told_with_a_line(string yaml) =>
        Assert.Matches(@"\Af:\d+: ", Assert.Throws<UsageException>(() => new YamlReader("f").Read(yaml)).Message);

    [Fact]
    public void A_tower_of_lists_has_an_end_and_takes_no_time() =>
        Assert.Equal("f:1: too deep.", Assert.Throws<UsageException>(() => new YamlReader("f").Read(new string('[', 100_000))).Message);

    private static string Text(YamlPart part) => part switch
    {
        YamlScalar scalar => scalar.Text ?? "-",
        YamlList list => $"[{string.Join(", ", list.Items.Select(Text))}]",
        YamlMap map => $"{{{string.Join(", ", map.Members.Select(one => $"{one.Key}: {Text(one.Value)}"))}}}",
        _ => throw new InvalidOperationException(),
    };
}
