namespace WgHub.Features.Backup.Age;

/// <summary>Decrypts a file. Nothing that was changed, left out or cut off is ever given: then it throws.</summary>
/// <param name="from">Behind the header; stays open.</param>
internal sealed class AgeReader(Stream from, byte[] fileKey, byte[] nonce) : Stream
{
    private readonly AgePayload _payload = new(fileKey, nonce);
    private readonly byte[] _plain = new byte[AgePayload.PieceBytes];
    private readonly byte[] _piece = new byte[AgePayload.PieceBytes + AgePayload.TagBytes + 1];
    private int _position;
    private int _length;
    private int _ahead;
    private bool _isFirst = true;
    private bool _isLast;

    /// <param name="from">Stays open.</param>
    /// <returns>Null when the file is not for this identity.</returns>
    /// <exception cref="InvalidDataException">It is no such file, or a damaged one.</exception>
    public static AgeReader? Open(Stream from, AgeIdentity identity)
    {
        if (AgeHeader.Read(from, identity) is not { } fileKey)
        {
            return null;
        }

        var nonce = new byte[AgePayload.NonceBytes];
        return from.ReadAtLeast(nonce, nonce.Length, throwOnEndOfStream: false) == nonce.Length ? new(from, fileKey, nonce) : throw Damaged();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="InvalidDataException">The file is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (_position == _length)
        {
            if (_isLast)
            {
                return 0;
            }

            NextPiece();
        }

        var count = Math.Min(buffer.Length, _length - _position);
        _plain.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _payload.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>One byte more than a piece is read: whether there is one tells which piece is the last.</summary>
    private void NextPiece()
    {
        var length = _ahead + from.ReadAtLeast(_piece.AsSpan(_ahead), _piece.Length - _ahead, throwOnEndOfStream: false);
        _isLast = length < _piece.Length;
        var piece = _piece.AsSpan(0, _isLast ? length : _piece.Length - 1);

        // Only a file of nothing at all ends in an empty piece.
        if (piece.Length < AgePayload.TagBytes + (_isFirst ? 0 : 1) || !_payload.TryOpen(piece, _isLast, _plain))
        {
            throw Damaged();
        }

        (_position, _length, _isFirst) = (0, piece.Length - AgePayload.TagBytes, false);
        _ahead = _isLast ? 0 : 1;
        _piece[0] = _piece[^1];
    }

    private static InvalidDataException Damaged() => new("The backup is damaged or cut off.");
}
