using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WgHub.TestKit;

namespace WgHub.Cli;

/// <summary>SIGTERM ends a hub cleanly whatever is going on, and what was acknowledged is in the copy for a boot without it.</summary>
public sealed class StopTests : IAsyncLifetime
{
    private readonly Wghub _wghub = new();
    private readonly WgProgram _wg;
    private RunningHub _hub = null!; // started before each test
    private ApiClient _admin = null!;
    private string _key = "";

    public StopTests() => _wg = new(_wghub.Data);

    private string Conf => File.ReadAllText(Path.Combine(_wghub.Data.FullName, "conf", "wgstop.conf"));

    public async ValueTask InitializeAsync()
    {
        var secret = (await _wghub.RunAsync("api-token", "create", "--name", "x", "--role", "admin")).OrThrow().Trim();
        _hub = await RunningHub.StartAsync(_wghub, "wgstop", ("WGHUB_WireGuard__WgCommand", _wg.Path));
        _admin = new(_hub.Address, secret);
        (await _admin.PostAsync("/api/hub/initialize", new { networkCIDR = "10.97.0.0/24", listenPort = 29996, publicEndpoint = "vpn.example.com" }))
            .Expect(HttpStatusCode.Created);
        _key = await RegisterAsync("oslo");
    }

    public async ValueTask DisposeAsync()
    {
        _wg.GoOn();
        _admin.Dispose();
        await _hub.DisposeAsync();
        _wghub.Dispose();
    }

    [Fact]
    public async Task A_quiet_hub()
    {
        Assert.Equal(0, await _hub.StopAsync());
        Assert.Contains(_key, Conf, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wg_that_hangs()
    {
        _wg.Wait();
        Assert.Equal(0, await _hub.StopAsync());
        Assert.Contains(_key, Conf, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_waits_for_a_wg_that_hangs()
    {
        var token = (await _admin.PostAsync("/api/installation/token", new { spokeName = "turin" })).Text("token", "token");
        _wg.Wait();
        var waiting = _admin.PostAsync("/api/spoke/register", new { token, publicKey = Wg.NewKey(), os = "linux" });

        Assert.Equal(0, await _hub.StopAsync());

        await Assert.ThrowsAnyAsync<Exception>(() => waiting);
        Assert.Contains(_key, Conf, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST /api/spoke/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")]
    [InlineData("GET / HTTP/1.1\r\nHost:")]
    [InlineData("")]
    public async Task A_sender_who_does_not_come_to_an_end(string begun)
    {
        using var slow = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await slow.ConnectAsync(IPAddress.Loopback, int.Parse(_hub.Address.Split(':')[^1], CultureInfo.InvariantCulture), Cancel);
        await slow.SendAsync(Encoding.ASCII.GetBytes(begun), Cancel);
        (await _admin.GetAsync("/api/hub/status")).Expect(HttpStatusCode.OK);

        Assert.Equal(0, await _hub.StopAsync());
        Assert.Contains(_key, Conf, StringComparison.Ordinal);
    }

    private async Task<string> RegisterAsync(string name)
    {
        var token = (await _admin.PostAsync("/api/installation/token", new { spokeName = name })).Expect(HttpStatusCode.Created).Text("token", "token");
        var key = Wg.NewKey();
        (await _admin.PostAsync("/api/spoke/register", new { token, publicKey = key, os = "linux" })).Expect(HttpStatusCode.Created);
        return key;
    }
}
