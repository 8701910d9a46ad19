using System.Net;
using System.Net.Sockets;
using System.Text;
using WgHub.TestKit;

namespace WgHub.Features.Tls;

/// <summary>Whatever comes to the https port, on a hub with a certificate of its own.</summary>
public sealed class HandshakeTests(HttpsHub https) : IClassFixture<HttpsHub>
{
    private readonly TestHub _hub = https.Hub;

    private string Pin => _hub.Get<Certificates>().Current!.Pin;

    private string Authority => new Uri(_hub.Url).Authority;

    [Theory]
    [InlineData("-k --pinnedpubkey {pin}", 0)]
    [InlineData("-k --pinnedpubkey sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 90)]
    [InlineData("-k --pinnedpubkey garbage", 90)]
    [InlineData("-k --tls-max 1.2 --pinnedpubkey sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 90)]
    [InlineData("--pinnedpubkey {pin}", 60)]            // nobody vouches for it: without -k the pin alone does not do
    [InlineData("-k --http2", 0)]
    [InlineData("-k --http1.1", 0)]
    [InlineData("-k --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0", 35)]
    public async Task Curl_takes_the_hubs_key_and_no_other(string options, int exitCode)
    {
        var result =
            await Shell.RunAsync(["curl", "-sS", .. options.Replace("{pin}", Pin, StringComparison.Ordinal).Split(' '), $"{_hub.Url}/healthz"], Cancel);

        Assert.True(exitCode == result.ExitCode, $"{result.ExitCode}: {result.Error}");
    }

    [Theory]
    [InlineData("h2", "ALPN protocol: h2")]
    [InlineData("http/1.1", "ALPN protocol: http/1.1")]
    [InlineData("acme-tls/1", "No ALPN negotiated")]
    public async Task The_protocol_is_agreed_on_in_the_handshake(string offered, string expected)
    {
        var seen = await Shell.RunAsync(["openssl", "s_client", "-connect", Authority, "-alpn", offered], "", Cancel);

        Assert.Contains(expected, seen.Output + seen.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_1")]
    [InlineData("-tls1")]
    public async Task Old_versions_of_TLS_are_refused(string version)
    {
        var old = await Shell.RunAsync(["openssl", "s_client", "-connect", Authority, version, "-cipher", "DEFAULT@SECLEVEL=0"], "", Cancel);

        Assert.NotEqual(0, old.ExitCode);
        Assert.Contains("Cipher is (NONE)", old.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unknown.example")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData(null)]
    public async Task Any_server_name_and_none_gets_the_one_certificate(string? serverName)
    {
        await using var client = await TlsClient.ConnectAsync(_hub.Url, serverName);

        Assert.Equal(_hub.Get<Certificates>().Current!.Leaf.Thumbprint, client.Certificate.Thumbprint);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")]
    [InlineData("\u0000\u00ff\u0000\u00ff\u0000\u00ff\u0000\u00ff\u0000\u00ff\u0000\u00ff")]
    public async Task Garbage_harms_nobody_else(string garbage)
    {
        using (var client = await ConnectAsync())
        {
            await client.SendAsync(Encoding.Latin1.GetBytes(garbage), Cancel);
            client.Shutdown(SocketShutdown.Send);
            await ReadToEndAsync(client);
        }

        (await _hub.Nobody.GetAsync("/healthz")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_never_ends_his_handshake_is_cut_off()
    {
        using var silent = await ConnectAsync();

        await ReadToEndAsync(silent); // by the hub: this end stays open

        (await _hub.Nobody.GetAsync("/healthz")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task No_browser_is_told_to_stay_with_a_certificate_that_it_warns_of()
    {
        var answer = await _hub.Nobody.SendAsync(HttpMethod.Get, "/signin", null, ("Host", "hub.test"));

        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(Authority), Cancel);
        return socket;
    }

    /// <summary>Returns when the other end closes; half a minute of nothing is a failure.</summary>
    private static async Task ReadToEndAsync(Socket socket)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var buffer = new byte[256];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset: as good as closed.
        }
    }
}

/// <summary>A hub that listens on https alone, with a certificate of its own.</summary>
public sealed class HttpsHub : IAsyncLifetime
{
    internal TestHub Hub { get; } = new() { Urls = ["https://127.0.0.1:0"], IsSetUp = false };

    public ValueTask InitializeAsync() => Hub.InitializeAsync();

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
