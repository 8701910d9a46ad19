using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WgHub.Features.Backup.Age;

/// <summary>The encrypted part of a file: pieces of 64 KiB, each with its number and whether it is the last, so that none can be left out.</summary>
internal sealed class AgePayload : IDisposable
{
    public const int PieceBytes = 64 * 1024;
    public const int TagBytes = 16;
    public const int NonceBytes = 16;

    private readonly ChaCha20Poly1305 _cipher;
    private readonly byte[] _nonce = new byte[12];
    private ulong _number;

    public AgePayload(byte[] fileKey, byte[] nonce) =>
        _cipher = new(HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, 32, nonce, "payload"u8.ToArray()));

    public void Seal(ReadOnlySpan<byte> plain, bool isLast, Span<byte> piece) =>
        _cipher.Encrypt(NextNonce(isLast), plain, piece[..plain.Length], piece.Slice(plain.Length, TagBytes));

    /// <returns>False when the piece is another one than it should be, or was changed.</returns>
    public bool TryOpen(ReadOnlySpan<byte> piece, bool isLast, Span<byte> plain)
    {
        try
        {
            _cipher.Decrypt(NextNonce(isLast), piece[..^TagBytes], piece[^TagBytes..], plain[..(piece.Length - TagBytes)]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _cipher.Dispose();

    private byte[] NextNonce(bool isLast)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_nonce.AsSpan(3), _number++);
        _nonce[11] = isLast ? (byte)1 : (byte)0;
        return _nonce;
    }
}
