using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WgHub.Features.Tls.Acme;

/// <summary>The two things that are signed besides requests: what is sent to the authority, and what is shown to it.</summary>
internal static class CertificateSigning
{
    private const string AcmeIdentifierOid = "1.3.6.1.5.5.7.1.31";

    /// <returns>A PKCS#10 request in DER. The names stand in the extension alone: a subject may hold no address, and 64 bytes at most.</returns>
    public static byte[] Request(IEnumerable<AcmeIdentifier> names, ECDsa key)
    {
        var request = new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(NamesOf(names));
        return request.CreateSigningRequest();
    }

    /// <summary>What answers tls-alpn-01, RFC 8737 §3: self-signed, one name, and the hash of the key authorization in a critical extension.</summary>
    public static X509Certificate2 ForChallenge(AcmeIdentifier name, string keyAuthorization, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var hash = new AsnWriter(AsnEncodingRules.DER);
        hash.WriteOctetString(SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization)));

        var request = new CertificateRequest("CN=ACME challenge", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(NamesOf([name]));
        request.CertificateExtensions.Add(new X509Extension(AcmeIdentifierOid, hash.Encode(), critical: true));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static X509Extension NamesOf(IEnumerable<AcmeIdentifier> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            name.AddTo(builder);
        }

        return builder.Build();
    }
}
