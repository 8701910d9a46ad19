using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace WgHub.Features.Tls.Acme;

/// <summary>The way out to the authority. Made for one order: the file of roots may have changed since the last one.</summary>
internal static class AcmeHttp
{
    private const int LargestAnswer = 256 * 1024;

    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(30);

    /// <param name="caFile">PEM of the roots to trust; null for the system's.</param>
    /// <exception cref="AcmeException">The file holds no certificate.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The client owns its handler.")]
    public static HttpClient Create(string? caFile)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a signature is for one address
            UseCookies = false,
            SslOptions = new() { CertificateChainPolicy = caFile is { Length: > 0 } ? TrustIn(caFile) : null },
        };
        return new(handler)
        {
            MaxResponseContentBufferSize = LargestAnswer,
            Timeout = RequestLimit,
            DefaultRequestHeaders = { UserAgent = { new("WgHub", null) } }, // RFC 8555 §6.1: every client says who it is
        };
    }

    private static X509ChainPolicy TrustIn(string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(caFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw AcmeException.NoRoots(exception);
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw AcmeException.NoRoots(null);
    }
}
