using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WgHub.Hosting;

namespace WgHub.Features.Tls.Acme;

/// <summary>The key that the authority knows this hub by: P-256, signing as ES256.</summary>
internal sealed class AcmeAccountKey : IDisposable
{
    private readonly ECDsa _key;
    private readonly string _jwk;

    private AcmeAccountKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;

        // The order of RFC 7638 §3.2: by name, without a space.
        _jwk = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(_jwk)));
    }

    /// <summary>Of the public key, RFC 7638.</summary>
    public string Thumbprint { get; }

    public static AcmeAccountKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static AcmeAccountKey FromPem(Secret pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem.Reveal());
        return new(key);
    }

    public Secret ToPem() => new(_key.ExportPkcs8PrivateKeyPem());

    /// <summary>A request as RFC 8555 §6.2 wants it: JWS in flattened JSON.</summary>
    /// <param name="account">The account's address; null while there is none, then the key itself goes along.</param>
    /// <param name="payload">JSON; empty for POST-as-GET.</param>
    public byte[] Sign(string url, string nonce, string? account, ReadOnlySpan<byte> payload)
    {
        var header = Base64Url.EncodeToString(Json(json =>
        {
            json.WriteString("alg", "ES256");
            json.WriteString("nonce", nonce);
            json.WriteString("url", url);
            if (account is not null)
            {
                json.WriteString("kid", account);
                return;
            }

            json.WritePropertyName("jwk");
            json.WriteRawValue(_jwk);
        }));
        var body = Base64Url.EncodeToString(payload);
        var signature = _key.SignData(Encoding.ASCII.GetBytes($"{header}.{body}"), HashAlgorithmName.SHA256);
        return Json(json =>
        {
            json.WriteString("protected", header);
            json.WriteString("payload", body);
            json.WriteString("signature", Base64Url.EncodeToString(signature));
        });
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
