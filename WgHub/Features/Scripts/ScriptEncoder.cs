using System.Text;
using HandlebarsDotNet;

namespace WgHub.Features.Scripts;

/// <summary>Where an engine for pages writes HTML, this writes every value of a script as one quoted word.</summary>
internal abstract class ScriptEncoder : ITextEncoder
{
    public void Encode(StringBuilder? text, TextWriter target) => Encode(text?.ToString(), target);

    public void Encode(string? text, TextWriter target) => target.Write(Word(text ?? ""));

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

    /// <exception cref="FormatException">The text has no place in a script.</exception>
    protected abstract string Word(string text);
}
