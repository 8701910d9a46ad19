using System.Security.Cryptography;

namespace WgHub.Features.Auth.Accounts;

/// <summary>A code for one use that people read and type, in Crockford's base32: nothing in it looks like something else. It prints as <c>***</c>.</summary>
internal sealed class CrockfordCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Groups = 4;

    private readonly string _plain;

    private CrockfordCode(string plain) => _plain = plain;

    /// <summary>See <see cref="Hashes"/>.</summary>
    public string Hash => Hashes.Of(_plain);

    /// <param name="length">Characters, of five random bits each.</param>
    public static CrockfordCode New(int length) => new(RandomNumberGenerator.GetString(Alphabet, length));

    /// <summary>Takes a code in any spelling: small letters, with or without hyphens, O for 0 and I or L for 1.</summary>
    /// <returns>Null for one of another length.</returns>
    public static CrockfordCode? Read(string? typed, int length) => Plain(typed) is { } plain && plain.Length == length ? new(plain) : null;

    /// <returns>Four groups, such as <c>7Q2M0-XKC11-…</c>.</returns>
    public string Reveal() => string.Join('-', _plain.Chunk(_plain.Length / Groups).Select(group => new string(group)));

    public override string ToString() => "***";

    private static string Plain(string? typed) =>
        new([.. (typed ?? "").ToUpperInvariant().Where(c => c is not '-' and not ' ').Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c })]);
}
