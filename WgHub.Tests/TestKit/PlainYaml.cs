namespace WgHub.TestKit;

/// <summary>
/// Reads the YAML that our own files are written in: maps, lists, plain and quoted scalars, blocks of text. What goes beyond is refused, and a key
/// that comes twice as well.
/// </summary>
internal sealed class PlainYaml
{
    private readonly (int Indent, string Text)[] _lines;
    private int _at;

    private PlainYaml(string text) =>
        _lines = [.. text.Split('\n').Where(line => line.Trim().Length > 0 && line.TrimStart()[0] != '#').Select(line => (Indent(line), line.Trim()))];

    /// <returns>A text, a list or a map of such.</returns>
    /// <exception cref="FormatException">It is none, or more than we write.</exception>
    public static object Read(string text)
    {
        var yaml = new PlainYaml(text);
        var read = yaml.Node(0);
        return yaml._at == yaml._lines.Length ? read : throw yaml.Wrong();
    }

    private object Node(int indent) => _lines[_at].Text.StartsWith("- ", StringComparison.Ordinal) ? List(indent) : Map(indent);

    private List<object> List(int indent)
    {
        List<object> items = [];
        for (; _at < _lines.Length && _lines[_at].Indent == indent && _lines[_at].Text.StartsWith("- ", StringComparison.Ordinal);)
        {
            var rest = _lines[_at].Text[2..];
            if (KeyOf(rest) is null)
            {
                items.Add(Scalar(rest));
                _at++;
                continue;
            }

            _lines[_at] = (indent + 2, rest); // the first pair of a map, on the line of its dash
            items.Add(Map(indent + 2));
        }

        return items;
    }

    private Dictionary<string, object> Map(int indent)
    {
        Dictionary<string, object> map = [];
        while (_at < _lines.Length && _lines[_at].Indent == indent && !_lines[_at].Text.StartsWith("- ", StringComparison.Ordinal))
        {
            var key = KeyOf(_lines[_at].Text) ?? throw Wrong();
            var rest = _lines[_at++].Text[(key.Length + 1)..].Trim();
            map.Add(key, rest switch { "|" => Block(indent), "" => Below(indent), _ => Scalar(rest) });
        }

        return _at < _lines.Length && _lines[_at].Indent > indent ? throw Wrong() : map;
    }

    private object Below(int indent) => _at < _lines.Length && _lines[_at].Indent > indent ? Node(_lines[_at].Indent) : throw Wrong();

    private string Block(int indent)
    {
        var from = _at;
        while (_at < _lines.Length && _lines[_at].Indent > indent)
        {
            _at++;
        }

        return string.Join('\n', _lines[from.._at].Select(line => line.Text));
    }

    private string Scalar(string text) => text[0] switch
    {
        '\'' when text.Length > 1 && text[^1] == '\'' && !text[1..^1].Replace("''", "", StringComparison.Ordinal).Contains('\'', StringComparison.Ordinal) =>
            text[1..^1].Replace("''", "'", StringComparison.Ordinal),
        '"' or '\'' or '{' or '[' or '&' or '*' or '!' or '%' or '@' or '`' => throw Wrong(),
        _ when text.Contains(": ", StringComparison.Ordinal) || text.Contains(" #", StringComparison.Ordinal) => throw Wrong(),
        _ => text,
    };

    /// <returns>Null when the text does not begin with a key.</returns>
    private static string? KeyOf(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && text[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        && (colon == text.Length - 1 || text[colon + 1] == ' ')
            ? text[..colon]
            : null;

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    private FormatException Wrong() => new($"Not the YAML that we write: {(_at < _lines.Length ? _lines[_at].Text : "its end")}");
}
