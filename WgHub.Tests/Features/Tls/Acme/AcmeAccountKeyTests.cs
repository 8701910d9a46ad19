using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace WgHub.Features.Tls.Acme;

public sealed class AcmeAccountKeyTests
{
    private const string Url = "https://ca.example/new-account";

    [Fact]
    public void The_thumbprint_is_that_of_RFC_7638()
    {
        // The key of RFC 7517 appendix A.2; the thumbprint by its coordinates in the order of RFC 7638, reckoned apart from this code.
        using var vector = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new()
            {
                X = Base64Url.DecodeFromChars("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"),
                Y = Base64Url.DecodeFromChars("4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"),
            },
            D = Base64Url.DecodeFromChars("870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"),
        });
        using var key = AcmeAccountKey.FromPem(vector.ExportPkcs8PrivateKeyPem());

        Assert.Equal("cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s", key.Thumbprint);
    }

    [Fact]
    public void The_first_request_carries_the_key_and_is_signed_by_it()
    {
        using var key = AcmeAccountKey.Create();
        var (header, body, isGenuine) = Open(key.Sign(Url, "n-1", null, "{\"a\":1}"u8), key);

        Assert.True(isGenuine);
        Assert.Equal("{\"a\":1}", body);
        Assert.Equal(["alg", "nonce", "url", "jwk"], header.EnumerateObject().Select(member => member.Name));
        Assert.Equal("ES256 n-1 " + Url, $"{header.GetProperty("alg")} {header.GetProperty("nonce")} {header.GetProperty("url")}");
        Assert.Equal(["crv", "kty", "x", "y"], header.GetProperty("jwk").EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public void Later_requests_carry_the_account_and_reading_has_no_body()
    {
        using var key = AcmeAccountKey.Create();
        var (header, body, isGenuine) = Open(key.Sign(Url, "n-2", "https://ca.example/account/7", []), key);

        Assert.True(isGenuine);
        Assert.Empty(body);
        Assert.Equal("https://ca.example/account/7", header.GetProperty("kid").GetString());
        Assert.False(header.TryGetProperty("jwk", out _));
    }

    [Fact]
    public void A_key_that_was_kept_is_the_same_key()
    {
        using var key = AcmeAccountKey.Create();
        using var kept = AcmeAccountKey.FromPem(key.ToPem());

        Assert.Equal(key.Thumbprint, kept.Thumbprint);
    }

    /// <summary>Takes the request apart as the other side does, RFC 7515 §5.2.</summary>
    private static (JsonElement Header, string Body, bool IsGenuine) Open(byte[] request, AcmeAccountKey key)
    {
        var jws = JsonDocument.Parse(request).RootElement;
        string Part(string name) => jws.GetProperty(name).GetString()!;
        using var signer = ECDsa.Create();
        signer.ImportFromPem(key.ToPem().Reveal());
        var isGenuine = signer.VerifyData(
            Encoding.ASCII.GetBytes($"{Part("protected")}.{Part("payload")}"), Base64Url.DecodeFromChars(Part("signature")),
            HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return (
            JsonDocument.Parse(Base64Url.DecodeFromChars(Part("protected"))).RootElement,
            Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Part("payload"))), isGenuine);
    }
}
