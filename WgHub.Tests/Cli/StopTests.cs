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
    private string _secret = "";
    private string _key = "";

    public StopTests() => _wg = new(_wghub.Data);

    private string Conf => File.ReadAllText(Path.Combine(_wghub.Data.FullName, "conf", "wgstop.conf"));

    public async ValueTask InitializeAsync()
    {
        _secret = await NewSecretAsync(_wghub);
        _hub = await RunningHub.StartAsync(_wghub, "wgstop", ("WGHUB_WireGuard__WgCommand", _wg.Path));
        _admin = new(_hub.Address, _secret);
        _key = await SetUpAsync(_admin, "10.97.0.0/16", 29996);
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

    /// <summary>The copy for a boot without the hub cannot be written then: the one before stays whole.</summary>
    [Fact]
    public async Task A_full_disk()
    {
        await using var disk = await SmallDisk.MountAsync(16);
        using var wghub = new Wghub(disk.Folder.CreateSubdirectory("data"));
        var secret = await NewSecretAsync(wghub);
        await using var hub = await RunningHub.StartAsync(wghub, "wgfull");
        using var admin = new ApiClient(hub.Address, secret);
        var key = await SetUpAsync(admin, "10.98.0.0/24", 29997);
        var conf = Path.Combine(wghub.Data.FullName, "conf", "wgfull.conf");
        Assert.True(await Eventually.TrueAsync(() => File.ReadAllText(conf).Contains(key, StringComparison.Ordinal), TimeSpan.FromSeconds(30), Cancel));
        disk.Fill();
        (await admin.GetAsync("/api/hub/status")).Expect(HttpStatusCode.OK);

        Assert.Equal(0, await hub.StopAsync());

        Assert.Contains(key, await File.ReadAllTextAsync(conf, Cancel), StringComparison.Ordinal);
        disk.Free();
        await using var again = await RunningHub.StartAsync(wghub, "wgfull");
        using var visitor = new ApiClient(again.Address, secret);
        Assert.Equal(1, (await visitor.GetAsync("/api/spoke/list")).At("total").GetInt32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_import_in_hand_is_done_whole_or_not_at_all(bool isWgHanging)
    {
        const int Peers = 2_000;
        var peers = Enumerable.Range(0, Peers).Select(
            i => $"[Peer]\n# anna-{i}\nPublicKey = {Wg.NewKey()}\nAllowedIPs = 10.97.{100 + (i / 250)}.{1 + (i % 250)}/32\n");
        var files = new[] { Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Join('\n', peers))) };
        var plan = (await _admin.PostAsync("/api/import/plan", new { files })).Expect(HttpStatusCode.OK).Text("plan");
        if (isWgHanging)
        {
            _wg.Wait();
        }

        var applying = _admin.PostAsync("/api/import/apply", new { files, plan });
        Assert.Equal(0, await _hub.StopAsync());
        var isAnswered = await IsOkAsync(applying);

        _wg.GoOn();
        await using var again = await RunningHub.StartAsync(_wghub, "wgstop", ("WGHUB_WireGuard__WgCommand", _wg.Path));
        using var admin = new ApiClient(again.Address, _secret);
        var count = (await admin.GetAsync("/api/spoke/list?pageSize=1")).At("total").GetInt32();
        Assert.True(count is 1 + Peers || (count is 1 && !isAnswered), $"{count} spokes, answered: {isAnswered}");
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

    private static async Task<bool> IsOkAsync(Task<Answer> call)
    {
        try
        {
            return (await call).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // the hub left before it answered
        }
    }

    private static async Task<string> NewSecretAsync(Wghub wghub) =>
        (await wghub.RunAsync("api-token", "create", "--name", "x", "--role", "admin")).OrThrow().Trim();

    /// <returns>The key of its one spoke.</returns>
    private static Task<string> SetUpAsync(ApiClient admin, string network, int port) =>
        admin.SetUpWithSpokeAsync(new { networkCIDR = network, listenPort = port, publicEndpoint = "vpn.example.com" });
}
