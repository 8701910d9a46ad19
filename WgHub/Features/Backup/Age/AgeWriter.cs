using System.Security.Cryptography;

namespace WgHub.Features.Backup.Age;

/// <summary>Encrypts what is written to it. Without <see cref="Complete"/> it has no end, and nobody opens it.</summary>
/// <param name="to">Stays open.</param>
/// <param name="recipients">Each of them can open it. A passphrase stands alone.</param>
internal sealed class AgeWriter(Stream to, IReadOnlyList<AgeRecipient> recipients) : WriteOnlyStream
{
    private readonly AgePayload _payload = Begin(to, recipients);
    private readonly byte[] _plain = new byte[AgePayload.PieceBytes];
    private readonly byte[] _piece = new byte[AgePayload.PieceBytes + AgePayload.TagBytes];
    private int _length;
    private bool _isDone;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            if (_length == _plain.Length)
            {
                Seal(isLast: false); // not before more has come: the last piece is marked
            }

            var count = Math.Min(buffer.Length, _plain.Length - _length);
            buffer[..count].CopyTo(_plain.AsSpan(_length));
            _length += count;
            buffer = buffer[count..];
        }
    }

    /// <summary>Writes the end.</summary>
    public void Complete()
    {
        Seal(isLast: true);
        _isDone = true;
    }

    public override void Flush()
    {
        // A piece that is not full yet waits for more.
    }

    protected override void Dispose(bool disposing)
    {
        _payload.Dispose();
        base.Dispose(disposing);
    }

    private static AgePayload Begin(Stream to, IReadOnlyList<AgeRecipient> recipients)
    {
        var fileKey = RandomNumberGenerator.GetBytes(AgeStanza.FileKeyBytes);
        AgeHeader.Write(to, fileKey, recipients);
        var nonce = RandomNumberGenerator.GetBytes(AgePayload.NonceBytes);
        to.Write(nonce);
        return new(fileKey, nonce);
    }

    private void Seal(bool isLast)
    {
        ObjectDisposedException.ThrowIf(_isDone, this);
        _payload.Seal(_plain.AsSpan(0, _length), isLast, _piece);
        to.Write(_piece, 0, _length + AgePayload.TagBytes);
        _length = 0;
    }
}
