using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WgHub.Features.Tls;

/// <summary>One connection, so that a test holds the wire itself. It takes any certificate and shows it.</summary>
internal sealed class TlsClient : IAsyncDisposable
{
    private readonly TcpClient _tcp = new();
    private SslStream? _tls;

    public SslStream Stream => _tls!;

    public X509Certificate2 Certificate => (X509Certificate2)_tls!.RemoteCertificate!;

    /// <param name="serverName">Null: as a client without SNI.</param>
    public static async Task<TlsClient> ConnectAsync(string url, string? serverName = "hub.test")
    {
        var client = new TlsClient();
        var address = new Uri(url);
        await client._tcp.ConnectAsync(address.Host, address.Port, Cancel);
        client._tls = new SslStream(client._tcp.GetStream());
        await client._tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = serverName,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null
            }, Cancel);
        return client;
    }

    /// <summary>The serial number of the certificate that a new connection gets.</summary>
    public static async Task<string> SerialAsync(string url)
    {
        await using var client = await ConnectAsync(url);
        return client.Certificate.SerialNumber;
    }

    public Task SendAsync(string text) => Stream.WriteAsync(Encoding.ASCII.GetBytes(text), Cancel).AsTask();

    public async ValueTask DisposeAsync()
    {
        if (_tls is not null)
        {
            await _tls.DisposeAsync();
        }

        _tcp.Dispose();
    }
}
