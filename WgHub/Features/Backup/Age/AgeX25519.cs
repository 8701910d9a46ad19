using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace WgHub.Features.Backup.Age;

/// <summary>A public key of age's, such as <c>age1…</c>: made by <c>age-keygen</c>, or by <c>wghub backup keygen</c>.</summary>
internal sealed class AgeX25519Recipient : AgeRecipient
{
    public const string Kind = "X25519";

    private const string Name = "age";

    private readonly byte[] _key;

    internal AgeX25519Recipient(byte[] key) => _key = key;

    /// <returns>Null when it is no such key.</returns>
    public static AgeX25519Recipient? TryParse(string text) =>
        Bech32.TryDecode(Name, text) is { Length: X25519.PointSize } key && !IsLowOrder(key) ? new(key) : null;

    public override AgeStanza Wrap(ReadOnlySpan<byte> fileKey)
    {
        var secret = RandomNumberGenerator.GetBytes(X25519.ScalarSize);
        var share = new byte[X25519.PointSize];
        X25519.ScalarMultBase(secret, 0, share, 0);
        return AgeStanza.Of(Kind, AgeStanza.Encode(share), WrapKeyOf(secret, _key, share, _key), fileKey);
    }

    public override string ToString() => Bech32.Encode(Name, _key);

    /// <param name="share">The sender's half.</param>
    /// <param name="recipient">The public key that the file is for.</param>
    internal static byte[] WrapKeyOf(byte[] secret, byte[] other, byte[] share, byte[] recipient)
    {
        var shared = new byte[X25519.PointSize];
        return X25519.CalculateAgreement(secret, 0, other, 0, shared, 0)
            ? HKDF.DeriveKey(
                HashAlgorithmName.SHA256, shared, AgeStanza.WrapKeyBytes, [.. share, .. recipient], "age-encryption.org/v1/X25519"u8.ToArray())
            : throw AgeHeader.Damaged();
    }

    private static bool IsLowOrder(byte[] key) =>
        !X25519.CalculateAgreement(RandomNumberGenerator.GetBytes(X25519.ScalarSize), 0, key, 0, new byte[X25519.PointSize], 0);
}

/// <summary>The private half, <c>AGE-SECRET-KEY-1…</c>: whoever has it opens every backup that was made for it.</summary>
internal sealed class AgeX25519Identity : AgeIdentity
{
    private const string Name = "age-secret-key-";

    private readonly byte[] _secret;
    private readonly byte[] _public = new byte[X25519.PointSize];

    private AgeX25519Identity(byte[] secret)
    {
        _secret = secret;
        X25519.ScalarMultBase(secret, 0, _public, 0);
    }

    public AgeX25519Recipient Recipient => new(_public);

    public static AgeX25519Identity Make() => new(RandomNumberGenerator.GetBytes(X25519.ScalarSize));

    /// <returns>Null when it is no such key.</returns>
    public static AgeX25519Identity? TryParse(string text) =>
        Bech32.TryDecode(Name, text) is { Length: X25519.ScalarSize } secret ? new(secret) : null;

    public override byte[]? Unwrap(IReadOnlyList<AgeStanza> stanzas) => stanzas
        .Where(stanza => stanza.Words[0] == AgeX25519Recipient.Kind)
        .Select(stanza => stanza.Words.Count == 2 && AgeStanza.TryDecode(stanza.Words[1]) is { Length: X25519.PointSize } share
            ? stanza.Unwrap(AgeX25519Recipient.WrapKeyOf(_secret, share, share, _public))
            : throw AgeHeader.Damaged())
        .FirstOrDefault(key => key is not null);

    /// <summary>The secret in clear: for the file that its owner keeps.</summary>
    public string Reveal() => Bech32.Encode(Name, _secret).ToUpperInvariant();

    public override string ToString() => "***";
}
