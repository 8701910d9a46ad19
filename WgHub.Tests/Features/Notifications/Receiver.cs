using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WgHub.Features.Notifications;

/// <summary>One request that a receiver has read whole.</summary>
internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Id => Headers["webhook-id"];

    public string Type => System.Text.Json.JsonDocument.Parse(Body).RootElement.GetProperty("type").GetString()!;
}

/// <summary>
/// A receiver of webhooks that behaves as its path says, down to the bytes: <c>/200</c>, <c>/410</c>, <c>/hang</c>, <c>/endless</c> and so on. It
/// can be taken down and comes again at the same port.
/// </summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly X509Certificate2? _certificate;
    private CancellationTokenSource _stop = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <param name="isTls">True: with a certificate that nobody vouches for.</param>
    public Receiver(bool isTls = false)
    {
        _certificate = isTls ? SelfSigned() : null;
        Start();
    }

    public int Port { get; private set; }

    public IReadOnlyList<Received> All => [.. _received];

    /// <summary>What it answers to <c>/status</c>; a test may change it meanwhile.</summary>
    public int Status { get; set; } = 200;

    /// <summary>How many are connected now.</summary>
    public int Open => _open;

    private int _open;

    public string Url(string path) => string.Create(CultureInfo.InvariantCulture, $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}{path}");

    public void Start()
    {
        _stop = new();
        _listener = new(IPAddress.Loopback, Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener, _stop.Token);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        _listener?.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _listener?.Dispose();
        _certificate?.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                _serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(cancel), cancel));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Taken down.
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancel)
    {
        Interlocked.Increment(ref _open);
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (_certificate is not null)
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, cancel);
                    stream = tls;
                }

                var request = await ReadAsync(stream, cancel);
                _received.Enqueue(request);
                await AnswerAsync(stream, request.Path, cancel);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // Whoever called has hung up, or we are taken down.
            }
        }

        Interlocked.Decrement(ref _open);
    }

    private async Task AnswerAsync(Stream stream, string path, CancellationToken cancel)
    {
        switch (path)
        {
            case "/hang":
                await Task.Delay(Timeout.Infinite, cancel);
                break;
            case "/slow":
                await Task.Delay(TimeSpan.FromSeconds(4), cancel);
                await WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", cancel);
                break;
            case "/drip":
                await WriteAsync(stream, "HTTP/1.1 200 OK\r\n", cancel);
                await DripAsync(stream, "X-Drip: 1\r\n", TimeSpan.FromMilliseconds(500), cancel);
                break;
            case "/endless":
                await WriteAsync(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", cancel);
                await DripAsync(stream, $"10000\r\n{new string('x', 65536)}\r\n", TimeSpan.Zero, cancel);
                break;
            case "/headers":
                await WriteAsync(stream, "HTTP/1.1 200 OK\r\n", cancel);
                await DripAsync(stream, $"X-Long: {new string('x', 8000)}\r\n", TimeSpan.Zero, cancel);
                break;
            case "/garbage":
                await WriteAsync(stream, "220 mail.example.com ESMTP\r\n", cancel);
                break;
            case "/nothing":
                break;
            case "/redirect":
                await WriteAsync(stream, $"HTTP/1.1 307 Go\r\nLocation: {Url("/200")}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", cancel);
                break;
            default:
                var status = path == "/status" ? Status : int.Parse(path[1..], CultureInfo.InvariantCulture);
                await WriteAsync(
                    stream, string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), cancel);
                break;
        }
    }

    private static async Task DripAsync(Stream stream, string part, TimeSpan pause, CancellationToken cancel)
    {
        while (true)
        {
            await WriteAsync(stream, part, cancel);
            await Task.Delay(pause, cancel);
        }
    }

    private static async Task WriteAsync(Stream stream, string text, CancellationToken cancel)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancel);
        await stream.FlushAsync(cancel);
    }

    private static async Task<Received> ReadAsync(Stream stream, CancellationToken cancel)
    {
        var bytes = new List<byte>();
        var buffer = new byte[65536];
        int end;
        while ((end = Encoding.Latin1.GetString([.. bytes]).IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            bytes.AddRange(buffer[..await ReadSomeAsync(stream, buffer, cancel)]);
        }

        var head = Encoding.Latin1.GetString([.. bytes.Take(end)]).Split("\r\n");
        var headers = head.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        var length = end + 4 + int.Parse(headers["content-length"], CultureInfo.InvariantCulture);
        while (bytes.Count < length)
        {
            bytes.AddRange(buffer[..await ReadSomeAsync(stream, buffer, cancel)]);
        }

        return new(head[0].Split(' ')[1], headers, Encoding.UTF8.GetString([.. bytes.Skip(end + 4)]));
    }

    private static async Task<int> ReadSomeAsync(Stream stream, byte[] buffer, CancellationToken cancel) =>
        await stream.ReadAsync(buffer, cancel) is > 0 and var count ? count : throw new EndOfStreamException();

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(9));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
