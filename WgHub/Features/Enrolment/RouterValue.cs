using System.Buffers;
using System.Text;
using HandlebarsDotNet;

namespace WgHub.Features.Enrolment;

/// <summary>Lets through what keys, addresses, host names, numbers and spokes' names are made of. None of it means anything to sh or RouterOS, quoted or not, so that one rule does for all.</summary>
internal sealed class RouterValue : ITextEncoder
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=.:_-");

    public void Encode(StringBuilder? text, TextWriter target) => Encode(text?.ToString(), target);

    /// <exception cref="FormatException">A character that might mean something.</exception>
    public void Encode(string? text, TextWriter target) =>
        target.Write(text.AsSpan().ContainsAnyExcept(Plain) ? throw new FormatException("A value that is no key, address, name or number.") : text);

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
