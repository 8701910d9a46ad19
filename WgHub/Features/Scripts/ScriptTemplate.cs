using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;
using WgHub.Hosting;

namespace WgHub.Features.Scripts;

/// <summary>
/// What others run or paste, with holes: <c>{{ name }}</c>, <c>{{ if name }} … {{ else }} … {{ end }}</c> for a value that may be absent, and
/// <c>{{ for one in names }} … {{ end }}</c> for one that there may be many of. The
/// one renderer: whatever a hole holds is written as its language's word, so that no template can forget to quote (docs/adr/0002).
/// </summary>
internal sealed class ScriptTemplate
{
    private const int LongestOutput = 1024 * 1024;

    /// <summary>More than a list of routes has.</summary>
    private const int LongestList = 100;

    private readonly Template _template;
    private readonly Func<string, string> _word;

    /// <param name="word">Writes a text as one word of the template's language; throws <see cref="FormatException"/> for one that has no place there.</param>
    /// <exception cref="FormatException">The template cannot be read.</exception>
    public ScriptTemplate(string text, Func<string, string> word)
    {
        _word = word;
        _template = Template.Parse(text);
        if (_template.HasErrors)
        {
            throw new FormatException(string.Join(' ', _template.Messages));
        }

        // The engine takes a hole that is never closed for one that ends with the file.
        var tokens = new Lexer(text).ToList();
        if (tokens.Count(token => token.Type == TokenType.CodeEnter) != tokens.Count(token => token.Type == TokenType.CodeExit))
        {
            throw new FormatException("A hole of the template is not closed.");
        }
    }

    /// <summary>The embedded files that start and end so, joined in the order of their names.</summary>
    public static ScriptTemplate FromFiles(string start, string end, Func<string, string> word) =>
        new(string.Concat(EmbeddedFiles.List(start).Where(name => name.EndsWith(end, StringComparison.Ordinal)).Select(EmbeddedFiles.ReadText)), word);

    /// <param name="values">By the names of the holes; null for what is absent: it writes nothing, and an <c>if</c> does not hold.</param>
    /// <param name="lists">The same, of which there may be none or many.</param>
    /// <exception cref="ScriptRuntimeException">The template names a value that is not there, or does more than fill holes.</exception>
    /// <exception cref="FormatException">A value has no place in the template's language.</exception>
    public string Render(IReadOnlyDictionary<string, string?> values, IReadOnlyDictionary<string, IReadOnlyList<string>>? lists = null)
    {
        var model = new ScriptObject();
        foreach (var (name, value) in values)
        {
            model.SetValue(name, value, readOnly: true);
        }

        foreach (var (name, list) in lists ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            model.SetValue(name, new ScriptArray(list), readOnly: true);
        }

        var context = new Quoting(_word);
        context.PushGlobal(model);
        return _template.Render(context);
    }

    /// <summary>Without any function, and strict about all that it does not know.</summary>
    private sealed class Quoting : TemplateContext
    {
        private readonly Func<string, string> _word;

        public Quoting(Func<string, string> word)
            : base([])
        {
            _word = word;
            StrictVariables = true;
            EnableRelaxedMemberAccess = false;
            (LoopLimit, RecursiveLimit, LimitToString, OutputLimit) = (LongestList, 1, LongestOutput, LongestOutput);
        }

        public override TemplateContext Write(SourceSpan span, object? textAsObject) => textAsObject switch
        {
            null => this,
            string text => (TemplateContext)Write(_word(text)),
            _ => throw new FormatException("A hole holds no text."),
        };
    }
}
