using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WgHub.Features.Tls;

/// <summary>An authority with one intermediate, as public ones have, that writes its certificates to files.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow();

    private readonly X509Certificate2 _root = Request("root", true, out var key).CreateSelfSigned(Start.AddDays(-900), Start.AddDays(900));
    private readonly X509Certificate2 _intermediate;

    public TestAuthority()
    {
        var request = Request("intermediate", true, out var key);
        using var signed = request.Create(_root, Start.AddDays(-800), Start.AddDays(800), [1]);
        _intermediate = signed.CopyWithPrivateKey(key);
        Files = Directory.CreateTempSubdirectory("wghub-ca-");
        File.WriteAllText(RootFile, _root.ExportCertificatePem());
    }

    public DirectoryInfo Files { get; }

    public string RootFile => Path.Combine(Files.FullName, "root.pem");

    public string CertificateFile => Path.Combine(Files.FullName, "cert.pem");

    public string KeyFile => Path.Combine(Files.FullName, "key.pem");

    public Dictionary<string, string> Settings => new() { ["Tls:CertificateFile"] = CertificateFile, ["Tls:KeyFile"] = KeyFile };

    /// <summary>A certificate with its chain, and its key, both in PEM.</summary>
    /// <param name="from">Days from now; so is <paramref name="until"/>.</param>
    public (string Chain, string Key) Issue(int from = -1, int until = 90)
    {
        var request = Request("hub.test", false, out var key);
        using var leaf = request.Create(_intermediate, Start.AddDays(from), Start.AddDays(until), RandomNumberGenerator.GetBytes(8));
        return ($"{leaf.ExportCertificatePem()}\n{_intermediate.ExportCertificatePem()}\n", key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Puts a pair into the files, each in place of the one before by a rename.</summary>
    public void Place((string Chain, string Key) pair)
    {
        Replace(CertificateFile, pair.Chain);
        Replace(KeyFile, pair.Key);
    }

    public void Dispose()
    {
        _root.Dispose();
        _intermediate.Dispose();
        Files.Delete(recursive: true);
    }

    private static void Replace(string file, string text)
    {
        File.WriteAllText($"{file}.new", text);
        File.Move($"{file}.new", file, overwrite: true);
    }

    private static CertificateRequest Request(string name, bool isAuthority, out ECDsa key)
    {
        key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (!isAuthority)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }

        return request;
    }
}
