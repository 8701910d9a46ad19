using System.Security.Cryptography;
using System.Text.Json;

namespace WgHub.Features.Auth.Oidc;

/// <summary>A public key that signs tokens (RFC 7517).</summary>
/// <param name="Id">Its <c>kid</c>.</param>
/// <param name="Algorithm">The one that it is for; null for all of its kind.</param>
internal abstract record JsonWebKey(string? Id, string? Algorithm)
{
    /// <returns>Null for a key that signs nothing we take: another kind, for encryption, too short, malformed.</returns>
    public static JsonWebKey? Parse(JsonElement json)
    {
        if (
            json.ValueKind != JsonValueKind.Object
                || (json.Has("use") && json.Text("use") != "sig")
                || (json.Has("key_ops") && !json.Texts("key_ops").Contains("verify")))
        {
            return null;
        }

        JsonWebKey? key = json.Text("kty") switch { "RSA" => RsaWebKey.ParseRsa(json), "EC" => EcWebKey.ParseEc(json), _ => null };
        return key?.IsSound() == true ? key : null;
    }

    public bool Fits(string algorithm) => (Algorithm is null || Algorithm == algorithm) && IsOfKind(algorithm);

    public abstract bool Verify(string algorithm, byte[] data, byte[] signature);

    protected abstract bool IsOfKind(string algorithm);

    protected abstract AsymmetricAlgorithm Create();

    /// <summary>True when the system's cryptography takes it.</summary>
    private bool IsSound()
    {
        try
        {
            using var created = Create();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Some providers write a leading zero octet, or leave one out.</summary>
    protected static byte[]? Number(JsonElement json, string name) =>
        json.Text(name) is { } text && StrictBase64Url.Decode(text) is { } bytes ? bytes.AsSpan().TrimStart((byte)0).ToArray() : null;
}

internal sealed record RsaWebKey(string? Id, string? Algorithm, RSAParameters Parameters) : JsonWebKey(Id, Algorithm)
{
    private const int ShortestBytes = 2048 / 8;
    private const int LongestBytes = 8192 / 8;
    private const int LongestExponentBytes = 4;

    public static RsaWebKey? ParseRsa(JsonElement json) =>
        Number(json, "n") is { Length: >= ShortestBytes and <= LongestBytes } modulus && (modulus.Length > ShortestBytes || modulus[0] >= 0x80)
        && Number(json, "e") is { Length: > 0 and <= LongestExponentBytes } exponent && int.IsOddInteger(exponent[^1]) && exponent is not [1]
            ? new(json.Text("kid"), json.Text("alg"), new() { Modulus = modulus, Exponent = exponent })
            : null;

    public override bool Verify(string algorithm, byte[] data, byte[] signature)
    {
        using var rsa = Create();
        return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    protected override bool IsOfKind(string algorithm) => algorithm is "RS256" or "PS256";

    protected override RSA Create() => RSA.Create(Parameters);
}

internal sealed record EcWebKey(string? Id, string? Algorithm, ECParameters Parameters) : JsonWebKey(Id, Algorithm)
{
    private const int CoordinateBytes = 32;

    public static EcWebKey? ParseEc(JsonElement json) =>
        json.Text("crv") == "P-256" && Number(json, "x") is { Length: <= CoordinateBytes } x && Number(json, "y") is { Length: <= CoordinateBytes } y
            ? new(json.Text("kid"), json.Text("alg"), new() { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Padded(x), Y = Padded(y) } })
            : null;

    public override bool Verify(string algorithm, byte[] data, byte[] signature)
    {
        using var ec = Create();
        return ec.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    protected override bool IsOfKind(string algorithm) => algorithm == "ES256";

    protected override ECDsa Create() => ECDsa.Create(Parameters);

    private static byte[] Padded(byte[] number) => [.. new byte[CoordinateBytes - number.Length], .. number];
}
