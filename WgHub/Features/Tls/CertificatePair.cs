using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WgHub.Hosting;

namespace WgHub.Features.Tls;

/// <summary>A certificate with its private key, and those that lead from it to its authority.</summary>
internal sealed class CertificatePair
{
    private CertificatePair(X509Certificate2 leaf, X509Certificate2Collection chain) => (Leaf, Chain) = (leaf, chain);

    public X509Certificate2 Leaf { get; }

    /// <summary>Without the certificate itself; empty when its authority signed it directly.</summary>
    public X509Certificate2Collection Chain { get; }

    /// <summary>True when no authority vouches for it: who connects must know its key.</summary>
    public bool IsSelfIssued => Leaf.SubjectName.RawData.AsSpan().SequenceEqual(Leaf.IssuerName.RawData);

    /// <summary>The public key as <c>curl --pinnedpubkey</c> takes it; it stays when the certificate is renewed with the same key.</summary>
    public string Pin => $"sha256//{Convert.ToBase64String(SHA256.HashData(Leaf.PublicKey.ExportSubjectPublicKeyInfo()))}";

    /// <summary>SHA-256 of the certificate in pairs of digits, as browsers show it.</summary>
    public string Fingerprint => string.Join(':', Convert.ToHexString(SHA256.HashData(Leaf.RawDataMemory.Span)).Chunk(2).Select(pair => new string(pair)));

    public DateTimeOffset NotBefore => new(Leaf.NotBefore.ToUniversalTime());

    public DateTimeOffset NotAfter => new(Leaf.NotAfter.ToUniversalTime());

    /// <summary>DNS names and addresses that it is good for.</summary>
    public IReadOnlyList<string> Names =>
        Leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is { } names
            ? [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(address => address.ToString())]
            : [];

    /// <summary>The certificate and its chain in PEM.</summary>
    public string ChainPem => string.Join('\n', [Leaf.ExportCertificatePem(), .. Chain.Select(certificate => certificate.ExportCertificatePem())]);

    /// <exception cref="CryptographicException">Not PEM, cut short, or the key belongs to another certificate.</exception>
    public static CertificatePair FromPem(string chainPem, Secret keyPem)
    {
        using var read = X509Certificate2.CreateFromPem(chainPem, keyPem.Reveal());
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(chainPem);
        chain.RemoveAt(0);
        return From(read, chain);
    }

    /// <summary>The way through PKCS #12 binds the key to the certificate for TLS on every system.</summary>
    /// <param name="leaf">With its private key.</param>
    public static CertificatePair From(X509Certificate2 leaf, X509Certificate2Collection chain) =>
        new(X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null), chain);
}
