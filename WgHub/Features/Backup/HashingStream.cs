using System.Security.Cryptography;
using WgHub.Features.Backup.Age;

namespace WgHub.Features.Backup;

/// <summary>Passes on what is written to it, and knows how much that was and its SHA-256.</summary>
/// <param name="to">Stays open.</param>
internal sealed class HashingStream(Stream to) : WriteOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>In bytes.</summary>
    public long Count { get; private set; }

    /// <summary>In hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        to.Write(buffer);
        _hash.AppendData(buffer);
        Count += buffer.Length;
    }

    public override void Flush() => to.Flush();

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
