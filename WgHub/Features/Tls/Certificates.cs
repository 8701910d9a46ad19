using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace WgHub.Features.Tls;

/// <summary>Where the certificate that is served came from.</summary>
internal enum CertificateSource
{
    SelfSigned,
    File,
    Acme,
}

/// <summary>The certificate that new connections get. Exchanging it touches no connection that stands.</summary>
internal sealed class Certificates
{
    private static readonly List<SslApplicationProtocol> Web = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
    private static readonly List<SslApplicationProtocol> Plain = [SslApplicationProtocol.Http11];
    private static readonly List<SslApplicationProtocol> Challenge = [new("acme-tls/1"), SslApplicationProtocol.Http11];

    private readonly ConcurrentDictionary<string, X509Certificate2> _challenges = new(StringComparer.OrdinalIgnoreCase);
    private volatile Served? _served;

    /// <summary>Null while the hub serves no https.</summary>
    public CertificatePair? Current => _served?.Pair;

    public CertificateSource Source => _served?.Source ?? CertificateSource.SelfSigned;

    /// <summary>Why the newest files are not served; null when they are.</summary>
    public string? LastError { get; set; }

    /// <summary>Serves <paramref name="pair"/> from the next handshake on.</summary>
    public void Install(CertificatePair pair, CertificateSource source) =>
        _served = new(pair, source, SslStreamCertificateContext.Create(pair.Leaf, pair.Chain, offline: true));

    /// <summary>Answers handshakes for <paramref name="serverName"/> with a tls-alpn-01 certificate (RFC 8737) until it is taken back.</summary>
    public void Present(string serverName, X509Certificate2 challenge) => _challenges[serverName] = challenge;

    public void TakeBack(string serverName) => _challenges.TryRemove(serverName, out _);

    /// <param name="serverName">As the client asked for it; empty when it did not.</param>
    /// <param name="isOneAtATime">True: no HTTP/2.</param>
    [SuppressMessage(
        "Security", "CA5398:Avoid hardcoded SslProtocols values", Justification = "TLS 1.0 and 1.1 stay off whatever the machine's policy allows.")]
    public SslServerAuthenticationOptions HandshakeFor(string serverName, bool isOneAtATime)
    {
        var options = new SslServerAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
        if (_challenges.TryGetValue(serverName, out var challenge))
        {
            (options.ServerCertificate, options.ApplicationProtocols) = (challenge, Challenge);
        }
        else
        {
            // One context for all connections: the chain is built once, and sessions can be resumed.
            (options.ServerCertificateContext, options.ApplicationProtocols) = (_served!.Context, isOneAtATime ? Plain : Web);
        }

        return options;
    }

    private sealed record Served(CertificatePair Pair, CertificateSource Source, SslStreamCertificateContext Context);
}
