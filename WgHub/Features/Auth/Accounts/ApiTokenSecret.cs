using System.Security.Cryptography;
using System.Text;

namespace WgHub.Features.Auth.Accounts;

/// <summary><c>wgh_</c>, 32 random base62 characters (190 bits), and 6 of a checksum: a slip of the pen is told apart from a guess without asking the database.</summary>
internal static class ApiTokenSecret
{
    private const string Prefix = "wgh_";
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int RandomLength = 32;
    private const int ChecksumLength = 6;

    public static string New()
    {
        var random = Prefix + RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return $"{random}_{Checksum(random)}";
    }

    public static bool IsWellFormed(string secret) =>
        secret.Length == Prefix.Length + RandomLength + 1 + ChecksumLength
        && secret.StartsWith(Prefix, StringComparison.Ordinal)
        && secret[Prefix.Length + RandomLength] == '_'
        && Checksum(secret[..(Prefix.Length + RandomLength)]) == secret[^ChecksumLength..];

    /// <summary>By which people tell tokens apart: the last four characters. They belong to the checksum and give nothing of the random part away.</summary>
    public static string HintOf(string secret) => secret[^4..];

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
