using System.Security.Cryptography;

namespace WgHub.Features.Backup.Age;

/// <summary>One way to open a file: the key of the file, wrapped for somebody (age-encryption.org/v1, "Recipient stanza").</summary>
/// <param name="Words">The kind, and what it needs besides the body.</param>
internal sealed record AgeStanza(IReadOnlyList<string> Words, byte[] Body)
{
    /// <summary>Bytes of the key that a file is encrypted with.</summary>
    public const int FileKeyBytes = 16;

    /// <summary>Bytes of a key that wraps it.</summary>
    public const int WrapKeyBytes = 32;

    private const int TagBytes = 16;

    /// <summary>Such a key wraps once in its life: the nonce is zero.</summary>
    private static readonly byte[] Nonce = new byte[12];

    public static AgeStanza Of(string kind, string word, byte[] wrapKey, ReadOnlySpan<byte> fileKey, params ReadOnlySpan<string> more)
    {
        var body = new byte[FileKeyBytes + TagBytes];
        using var cipher = new ChaCha20Poly1305(wrapKey);
        cipher.Encrypt(Nonce, fileKey, body.AsSpan(0, FileKeyBytes), body.AsSpan(FileKeyBytes));
        return new([kind, word, .. more], body);
    }

    /// <returns>The key of the file; null when it was wrapped with another one.</returns>
    public byte[]? Unwrap(byte[] wrapKey)
    {
        if (Body.Length != FileKeyBytes + TagBytes)
        {
            throw AgeHeader.Damaged();
        }

        var fileKey = new byte[FileKeyBytes];
        using var cipher = new ChaCha20Poly1305(wrapKey);
        try
        {
            cipher.Decrypt(Nonce, Body.AsSpan(0, FileKeyBytes), Body.AsSpan(FileKeyBytes), fileKey);
            return fileKey;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>Base64 as age has it: without padding, and in one spelling alone.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <returns>Null for anything else.</returns>
    public static byte[]? TryDecode(string text)
    {
        var bytes = new byte[text.Length];
        return text.Length % 4 != 1 && !text.Contains('=', StringComparison.Ordinal)
            && Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length)
            && Encode(bytes.AsSpan(0, length)) == text
            ? bytes[..length]
            : null;
    }
}
