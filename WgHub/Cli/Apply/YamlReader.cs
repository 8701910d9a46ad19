using WgHub.Hosting;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WgHub.Cli.Apply;

/// <summary>
/// Reads plain YAML: one document of lists, maps and texts. What lets a small file become a large one, or a text become something else, is refused
/// (anchors, aliases, tags), and so is a key that stands twice.
/// </summary>
/// <param name="name">What sentences call the file.</param>
internal sealed class YamlReader(string name)
{
    private const int Deepest = 16;

    /// <summary>No control characters: the parser takes a NUL for the end. U+FFFD is what bytes become that are not UTF-8.</summary>
    private static bool IsText(char letter) => letter is '\t' or '\n' or '\r' || (!char.IsControl(letter) && letter != '\ufffd');

    /// <exception cref="UsageException">It is not that; with the line.</exception>
    public YamlPart Read(string text)
    {
        if (text.FirstOrDefault(letter => !IsText(letter), 'a') is var strange && !IsText(strange))
        {
            var line = 1 + text.AsSpan(0, text.IndexOf(strange, StringComparison.Ordinal)).Count('\n');
            throw new UsageException($"{name}:{line}: a character that is no text (U+{(int)strange:X4}). A file is UTF-8.");
        }

        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return new YamlScalar(1, null);
            }

            var part = ReadPart(parser, 0);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) ? part : throw Wrong(parser.Current!, "a second document begins; one file is one document");
        }
        catch (YamlException exception)
        {
            throw new UsageException($"{name}:{exception.Start.Line}: {exception.InnerException?.Message ?? exception.Message}");
        }
    }

    private YamlPart ReadPart(Parser parser, int depth)
    {
        var next = parser.Consume<ParsingEvent>();
        if (depth > Deepest)
        {
            throw Wrong(next, "too deep");
        }

        if (next is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
        {
            throw Wrong(next, "anchors and aliases (& and *) are not taken: write it out");
        }

        if (next is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } tag })
        {
            throw Wrong(next, $"tags ({tag.Value}) are not taken");
        }

        return next switch
        {
            Scalar scalar => new YamlScalar(LineOf(scalar), scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } ? null : scalar.Value),
            SequenceStart => ReadList(parser, LineOf(next), depth),
            MappingStart => ReadMap(parser, LineOf(next), depth),
            _ => throw Wrong(next, "this cannot stand here"),
        };
    }

    private YamlList ReadList(Parser parser, int line, int depth)
    {
        var items = new List<YamlPart>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadPart(parser, depth + 1));
        }

        return new(line, items);
    }

    private YamlMap ReadMap(Parser parser, int line, int depth)
    {
        var members = new List<(string Key, int Line, YamlPart Value)>();
        var keys = new HashSet<string>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var at = parser.Current!;
            if (ReadPart(parser, depth + 1) is not YamlScalar { Text: { } key })
            {
                throw Wrong(at, "a key is a text");
            }

            if (!keys.Add(key))
            {
                throw Wrong(at, $"'{key}' stands twice");
            }

            members.Add((key, LineOf(at), ReadPart(parser, depth + 1)));
        }

        return new(line, members);
    }

    private UsageException Wrong(ParsingEvent at, string what) => new($"{name}:{LineOf(at)}: {what}.");

    private static int LineOf(ParsingEvent at) => (int)at.Start.Line;
}
