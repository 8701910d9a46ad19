using System.Security.Cryptography;

namespace WgHub.Features.Auth.Accounts;

/// <summary>Codes that people read and type, in Crockford's base32: nothing in it looks like something else.</summary>
internal static class CrockfordCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <param name="length">Characters, of five random bits each.</param>
    public static string New(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    /// <returns>Such as <c>7Q2M-0XKC</c>.</returns>
    public static string Grouped(string code, int size) => string.Join('-', code.Chunk(size).Select(group => new string(group)));

    /// <summary>Takes a code in any spelling: small letters, with or without hyphens, O for 0 and I or L for 1.</summary>
    public static string Read(string? typed) =>
        new([.. (typed ?? "").ToUpperInvariant().Where(c => c is not '-' and not ' ').Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c })]);
}
