using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace WgHub.Features.Auth.Accounts;

/// <summary>
/// <c>wgh_</c>, 32 random base62 characters (190 bits), and 6 of a checksum: a slip of the pen is told apart from a guess without asking the database.
/// It prints as <c>***</c>.
/// </summary>
internal sealed class ApiTokenSecret
{
    private const string Prefix = "wgh_";
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int RandomLength = 32;
    private const int ChecksumLength = 6;

    private readonly string _text;

    private ApiTokenSecret(string text) => _text = text;

    /// <summary>See <see cref="Hashes"/>.</summary>
    public string Hash => Hashes.Of(_text);

    /// <summary>By which people tell tokens apart: the last four characters. They belong to the checksum and give nothing of the random part away.</summary>
    public string Hint => _text[^4..];

    public static ApiTokenSecret New()
    {
        var random = Prefix + RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return new($"{random}_{Checksum(random)}");
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out ApiTokenSecret? secret)
    {
        secret = text.Length == Prefix.Length + RandomLength + 1 + ChecksumLength
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && text[Prefix.Length + RandomLength] == '_'
            && Checksum(text[..(Prefix.Length + RandomLength)]) == text[^ChecksumLength..]
            ? new(text)
            : null;
        return secret is not null;
    }

    public string Reveal() => _text;

    public override string ToString() => "***";

    private static string Checksum(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return string.Create(ChecksumLength, hash, (characters, bytes) =>
        {
            for (var i = 0; i < characters.Length; i++)
            {
                characters[i] = Alphabet[bytes[i] % Alphabet.Length];
            }
        });
    }
}
