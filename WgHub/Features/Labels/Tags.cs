using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace WgHub.Features.Labels;

/// <summary>The words that a spoke is found by: lower case, sorted, each once. Two are equal when their words are.</summary>
internal sealed partial record Tags
{
    public const string Rule = "At most 16 tags by comma or space, each of 1 to 32 letters, digits, '.', '-' or '_', beginning with a letter or digit.";

    public static readonly Tags None = new("");

    private const int Limit = 16;

    private static readonly char[] BetweenWords = [',', ';', ' ', '\t', '\n', '\r', '\u00a0'];

    private Tags(string stored) => Stored = stored;

    /// <summary>As the database has them, with a comma on both sides of each, so that one is found by <c>like '%,word,%'</c>.</summary>
    public string Stored { get; }

    public IReadOnlyList<string> Words => Stored.Split(',', StringSplitOptions.RemoveEmptyEntries);

    public static Tags FromStored(string stored) => stored.Length == 0 ? None : new(stored);

    /// <summary>The words of a text that a person wrote, in a form or a list: by comma, semicolon or space. A program's list has them apart already.</summary>
    public static string[] Split(string? text) => (text ?? "").Split(BetweenWords, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The same, as <see cref="TryParse"/> takes them.</summary>
    public static string Join(string? text) => string.Join(',', Split(text));

    /// <param name="text">Words by comma; may be empty.</param>
    [SuppressMessage("Globalization", "CA1308", Justification = "ASCII alone.")]
    public static bool TryParse(string? text, [NotNullWhen(true)] out Tags? tags)
    {
        var words = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => word.ToLowerInvariant());
        return TryJoin(words, out tags);
    }

    /// <returns>False when there would be too many.</returns>
    public bool TryAdd(Tags more, [NotNullWhen(true)] out Tags? both) => TryJoin([.. Words, .. more.Words], out both);

    public Tags Without(Tags fewer) => TryJoin(Words.Except(fewer.Words), out var rest) ? rest : None;

    public override string ToString() => string.Join(", ", Words);

    private static bool TryJoin(IEnumerable<string> words, [NotNullWhen(true)] out Tags? tags)
    {
        string[] sorted = [.. words.Distinct().Order(StringComparer.Ordinal)];
        tags = sorted.Length > Limit || !sorted.All(word => Shape().IsMatch(word)) ? null
            : sorted.Length == 0 ? None
            : new($",{string.Join(',', sorted)},");
        return tags is not null;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
