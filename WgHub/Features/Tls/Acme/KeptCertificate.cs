using Microsoft.Extensions.Options;

namespace WgHub.Features.Tls.Acme;

/// <summary>The certificate that a hub with these settings and this database serves by https; for commands, which serve none.</summary>
internal sealed class KeptCertificate(CertificateFiles files, SelfSigned own, AcmeOrders orders, IOptions<AcmeOptions> acme)
{
    /// <returns>Null where none was made yet.</returns>
    /// <exception cref="InvalidDataException">The files cannot be read, or are no pair.</exception>
    public (CertificatePair? Pair, CertificateSource Source) Find() =>
        files.AreNamed ? (CertificateFiles.Parse(files.Read()), CertificateSource.File)
        : acme.Value.IsOn && orders.Certificate is { } given ? (given, CertificateSource.Acme)
        : (own.Kept, CertificateSource.SelfSigned);
}
