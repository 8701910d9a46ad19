using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using WgHub.Hosting;

namespace WgHub.Features.Tls;

/// <summary>What the two files hold at one moment.</summary>
internal sealed record CertificateText(string Chain, Secret Key)
{
    /// <summary>Tells one content from another, whatever the file's name, date or link.</summary>
    public string Hash { get; } = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Chain}\0{Key.Reveal()}")));
}

/// <summary>The certificate that the settings name.</summary>
internal sealed class CertificateFiles(IOptions<TlsOptions> options)
{
    public bool AreNamed => options.Value is { CertificateFile.Length: > 0, KeyFile.Length: > 0 };

    /// <exception cref="InvalidDataException">A file cannot be read.</exception>
    public CertificateText Read() =>
        new(Read(nameof(TlsOptions.CertificateFile), options.Value.CertificateFile!), Read(nameof(TlsOptions.KeyFile), options.Value.KeyFile!));

    /// <exception cref="InvalidDataException">They are no pair, or not whole.</exception>
    public static CertificatePair Parse(CertificateText text)
    {
        try
        {
            return CertificatePair.FromPem(text.Chain, text.Key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException("Tls:CertificateFile and Tls:KeyFile are not a certificate in PEM and its own key without a password.", exception);
        }
    }

    private static string Read(string setting, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"Tls:{setting} cannot be read: it is not there, or not for the user that the hub runs as.", exception);
        }
    }
}
