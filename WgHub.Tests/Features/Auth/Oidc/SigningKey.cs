using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace WgHub.Features.Auth.Oidc;

/// <summary>A provider's key, and what it signs: also what no honest provider would.</summary>
internal sealed class SigningKey(string algorithm, string id, AsymmetricAlgorithm key)
{
    public static SigningKey NewRsa(string algorithm, string id, int bits = 2048) => new(algorithm, id, RSA.Create(bits));

    public static SigningKey NewEc(string id, ECCurve? curve = null) => new("ES256", id, ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256));

    public string Id => id;

    public AsymmetricAlgorithm Key => key;

    /// <summary>The public half (RFC 7517).</summary>
    public JsonObject Jwk()
    {
        if (key is RSA rsa)
        {
            var numbers = rsa.ExportParameters(false);
            return new() { ["kty"] = "RSA", ["kid"] = id, ["use"] = "sig", ["n"] = Text(numbers.Modulus!), ["e"] = Text(numbers.Exponent!) };
        }

        var point = ((ECDsa)key).ExportParameters(false);
        return new() { ["kty"] = "EC", ["kid"] = id, ["crv"] = point.Q.X!.Length == 48 ? "P-384" : "P-256", ["x"] = Text(point.Q.X), ["y"] = Text(point.Q.Y!) };
    }

    public JsonObject Header() => new() { ["alg"] = algorithm, ["kid"] = id, ["typ"] = "JWT" };

    public string Token(JsonNode claims, JsonNode? header = null) => TokenOf((header ?? Header()).ToJsonString(), claims.ToJsonString());

    /// <summary>Signs header and claims as they are spelt.</summary>
    public string TokenOf(string header, string claims) => TokenOf(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(claims));

    public string TokenOf(byte[] header, byte[] claims)
    {
        var data = $"{Text(header)}.{Text(claims)}";
        return $"{data}.{Text(Sign(Encoding.ASCII.GetBytes(data)))}";
    }

    public static string Text(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private byte[] Sign(byte[] data) => key is RSA rsa
        ? rsa.SignData(data, HashAlgorithmName.SHA256, algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
        : ((ECDsa)key).SignData(data, HashAlgorithmName.SHA256);
}
