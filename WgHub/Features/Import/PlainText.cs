using System.Text;

namespace WgHub.Features.Import;

/// <summary>Latin letters of every kind as ASCII has them. The runtime is without the tables that would tell (InvariantGlobalization).</summary>
internal static class PlainText
{
    // Latin-1 from U+00C0, and Latin Extended-A from U+0100: for each letter its plain one; '*' where two stand for it.
    private const string Latin =
        "AAAAAA*CEEEEIIIIDNOOOOO OUUUUY**aaaaaa*ceeeeiiiidnooooo ouuuuy*y" +
        "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi**JjKkkLlLlLlLlLlNnNnNnnNnOoOoOo**RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

    // Letters that are two, and letters of other pages.
    private static readonly Dictionary<char, string> Others =
        "Æ=Ae æ=ae Þ=Th þ=th ß=ss ẞ=SS Ĳ=Ij ĳ=ij Œ=Oe œ=oe Ș=S ș=s Ț=T ț=t Ơ=O ơ=o Ư=U ư=u Ə=E ə=e".Split(' ')
            .ToDictionary(pair => pair[0], pair => pair[2..]);

    // Vietnamese, from U+1EA0: so many of each letter, large and small in turn.
    private static readonly string Vietnamese = string.Concat(
        Enumerable.Repeat("Aa", 12).Concat(Enumerable.Repeat("Ee", 8)).Concat(Enumerable.Repeat("Ii", 2)).Concat(Enumerable.Repeat("Oo", 12))
            .Concat(Enumerable.Repeat("Uu", 7)).Concat(Enumerable.Repeat("Yy", 4)));

    /// <summary>What a name can hold of a text: letters lose their accents, and every other run of what a name cannot hold becomes one hyphen.</summary>
    /// <returns>May be empty.</returns>
    public static string NameOf(string text, int longest)
    {
        var name = new StringBuilder(Math.Min(text.Length, longest) + 2);
        foreach (var c in text)
        {
            if (name.Length >= longest)
            {
                break;
            }

            if (char.IsAsciiLetterOrDigit(c) || (c is '.' or '_' && name.Length > 0))
            {
                name.Append(c);
            }
            else if (Plain(c) is { } plain)
            {
                name.Append(plain);
            }
            else if (name.Length > 0 && name[^1] != '-')
            {
                name.Append('-');
            }
        }

        return name.ToString()[..Math.Min(name.Length, longest)].TrimEnd('-', '.', '_');
    }

    /// <returns>Empty for an accent that stands behind its letter; null for what is no Latin letter.</returns>
    private static string? Plain(char c) => c switch
    {
        >= '\u0300' and <= '\u036f' => "",
        >= '\u00c0' and <= '\u017f' when Latin[c - '\u00c0'] is not ('*' or ' ') => Latin[c - '\u00c0'].ToString(),
        >= '\u1ea0' and <= '\u1ef9' => Vietnamese[c - '\u1ea0'].ToString(),
        _ => Others.GetValueOrDefault(c),
    };
}
