using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WgHub.Features.Tls.Acme;

public sealed class CertificateSigningTests
{
    private static readonly AcmeIdentifier[] Names = [new("dns", "vpn.example.com"), new("ip", "192.0.2.7")];

    [Fact]
    public void The_request_names_all_in_its_extension_and_none_in_its_subject()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = CertificateRequest.LoadSigningRequest(
            CertificateSigning.Request(Names, key), HashAlgorithmName.SHA256,
            CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions); // checks the signature, too
        var names = new X509SubjectAlternativeNameExtension(request.CertificateExtensions.Single().RawData);

        Assert.Empty(request.SubjectName.Name);
        Assert.Equal(["vpn.example.com"], names.EnumerateDnsNames());
        Assert.Equal(["192.0.2.7"], names.EnumerateIPAddresses().Select(address => address.ToString()));
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), request.PublicKey.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public void The_certificate_for_a_challenge_is_that_of_RFC_8737()
    {
        using var certificate = CertificateSigning.ForChallenge(Names[0], "token.thumbprint", DateTimeOffset.UnixEpoch.AddYears(50));
        var hash = certificate.Extensions.Single(extension => extension.Oid!.Value == "1.3.6.1.5.5.7.1.31");

        Assert.True(hash.Critical);
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes("token.thumbprint")), AsnDecoder.ReadOctetString(hash.RawData, AsnEncodingRules.DER, out _));
        Assert.True(AcmeIdentifier.AreOf(certificate, [Names[0]]));
        Assert.Equal(certificate.Issuer, certificate.Subject);
    }

    [Fact]
    public void A_certificate_for_fewer_or_more_names_is_not_for_these()
    {
        using var certificate = CertificateSigning.ForChallenge(Names[0], "", DateTimeOffset.UnixEpoch.AddYears(50));

        Assert.False(AcmeIdentifier.AreOf(certificate, Names));
        Assert.False(AcmeIdentifier.AreOf(certificate, []));
        Assert.False(AcmeIdentifier.AreOf(certificate, [new("dns", "192.0.2.7")]));
    }
}
