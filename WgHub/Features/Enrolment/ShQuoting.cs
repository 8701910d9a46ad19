using System.Text;
using HandlebarsDotNet;

namespace WgHub.Features.Enrolment;

/// <summary>Writes any text as one word of POSIX sh: in single quotes, where nothing means anything but the single quote itself.</summary>
internal sealed class ShQuoting : ITextEncoder
{
    /// <exception cref="FormatException">A control character: no value of ours has one, and a line break would end a comment.</exception>
    public static string Quote(string text) =>
        text.Any(char.IsControl) ? throw new FormatException("A control character in a script value.") : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    public void Encode(StringBuilder? text, TextWriter target) => Encode(text?.ToString(), target);

    public void Encode(string? text, TextWriter target) => target.Write(Quote(text ?? ""));

    public void Encode<T>(T? text, TextWriter target)
        where T : IEnumerator<char>
    {
        var characters = new StringBuilder();
        while (text?.MoveNext() == true)
        {
            characters.Append(text.Current);
        }

        Encode(characters, target);
    }
}
