using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace WgHub.WireGuard;

/// <summary>
/// A WireGuard public key: 32 bytes of Curve25519, written as 44 characters of base64. A value of four words: keeping thousands costs no
/// string.
/// </summary>
internal readonly record struct PublicKey
{
    private const int ByteLength = 32;
    private const int TextLength = 44;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    private PublicKey(ReadOnlySpan<byte> bytes)
    {
        _a = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
    }

    /// <summary>
    /// True for the points that give every partner the same shared secret (order 1, 2, 4 or 8, RFC 7748 §7): whoever registers one
    /// has no key of his own. The highest bit is not part of the number.
    /// </summary>
    public bool IsLowOrder => (_a, _b, _c, _d & long.MaxValue) is
        (0, 0, 0, 0) or
        (1, 0, 0, 0) or
        (0xaeb8413b7c7aebe0, 0x6ac49ff1fae35616, 0xfdb1329ceb8d09da, 0x00b8495f16056286) or
        (0x248c50a3bc959c5f, 0x5bef839c55b1d0b1, 0x868e1c58c45c4404, 0x57119fd0dd4e22d8) or
        (0xffffffffffffffec, ulong.MaxValue, ulong.MaxValue, long.MaxValue) or
        (0xffffffffffffffed, ulong.MaxValue, ulong.MaxValue, long.MaxValue) or
        (0xffffffffffffffee, ulong.MaxValue, ulong.MaxValue, long.MaxValue);

    /// <summary>Reads a key as <c>wg</c> prints it.</summary>
    /// <exception cref="FormatException">Not 32 bytes of canonical base64.</exception>
    public static PublicKey Parse(string text) =>
        TryParse(text, out var key) ? key : throw new FormatException("Not a WireGuard public key.");

    public static bool TryParse([NotNullWhen(true)] string? text, out PublicKey key)
    {
        Span<byte> ascii = stackalloc byte[TextLength];
        key = default;
        return text is { Length: TextLength } && Ascii.IsValid(text)
            && Encoding.ASCII.TryGetBytes(text, ascii, out _) && TryParse(ascii, out key);
    }

    /// <summary>Reads a key from a line of <c>wg show … dump</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out PublicKey key)
    {
        Span<byte> bytes = stackalloc byte[ByteLength + 1];
        Span<byte> again = stackalloc byte[TextLength];

        // Encoded again and compared: base64 has several spellings of one key (spare bits, white space), we take only wg's.
        var ok = ascii.Length == TextLength
            && Base64.DecodeFromUtf8(ascii, bytes, out _, out var length) == System.Buffers.OperationStatus.Done && length == ByteLength
            && Base64.EncodeToUtf8(bytes[..ByteLength], again, out _, out _) == System.Buffers.OperationStatus.Done
            && again.SequenceEqual(ascii);
        key = ok ? new(bytes) : default;
        return ok;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _a);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], _b);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], _c);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], _d);
        return Convert.ToBase64String(bytes);
    }
}
