using WgHub.Features.Spokes;
using WgHub.TestKit;

namespace WgHub.Features.Reports;

/// <summary>Two real interfaces that shake hands over the loopback.</summary>
public sealed class SamplerTests : TimedHubTest
{
    /// <summary>What the hub gets when it knocks at an interface made anew: an answer, and a few keepalives.</summary>
    private const long HandshakeBytes = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TestHub _spoke = new() { IsSetUp = false };
    private string _secret = "";
    private string _presharedKey = "";

    public override async ValueTask InitializeAsync()
    {
        Time.Set(TimeProvider.System.GetUtcNow());
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _spoke.DisposeAsync();
    }

    [Fact]
    public async Task A_spoke_is_pending_then_active_then_inactive()
    {
        var id = await ConnectAsync();
        Assert.Equal("active", await StatusAsync(id));

        Time.Advance(Spoke.HandshakeLife + TimeSpan.FromSeconds(5));
        Assert.Equal("inactive", await StatusAsync(id));
        Assert.Equal("0", (await Hub.Viewer.GetAsync("/api/spoke/list?status=active")).Text("total"));
        Assert.Equal("1", (await Hub.Viewer.GetAsync("/api/spoke/list?status=inactive")).Text("total"));
    }

    [Fact]
    public async Task Traffic_is_added_up_over_a_new_interface_and_a_restart()
    {
        var id = await ConnectAsync();
        var first = await TrafficAsync(id);
        Assert.True(first > 0);

        await Wg.RunAsync($"ip link delete {Hub.Interface}");
        await Hub.ReconcileAsync();
        await Hub.Get<Sampler>().LookAsync(Cancel);
        Assert.InRange(await TrafficAsync(id), first, first + HandshakeBytes);
        await Hub.RestartAsync();
        Assert.InRange(await TrafficAsync(id), first, first + HandshakeBytes);

        var before = await TrafficAsync(id);

        // The spoke would notice within two minutes that the other end knows it no more; starting it again is faster.
        await Wg.RunAsync($"ip link delete {_spoke.Interface}");
        await StartSpokeAsync();
        Assert.True(await Eventually.TrueAsync(
            async () =>
            {
                await Hub.Get<Sampler>().LookAsync(Cancel);
                return await TrafficAsync(id) > before;
            },
            Patience, Cancel));
    }

    /// <summary>Takes a real spoke in and waits for its handshake.</summary>
    private async Task<string> ConnectAsync()
    {
        var (_, token, _) = await Hub.TokenAsync();
        var key = (await Shell.RunAsync(["wg", "pubkey"], _secret = await Wg.RunAsync("wg genkey"), Cancel)).OrThrow().Trim();
        var answer = await Hub.RegisterAsync(token, key);
        var id = answer.Text("spoke", "id")!;
        _presharedKey = answer.Text("presharedKey")!;
        Assert.Equal("pending", await StatusAsync(id));

        await StartSpokeAsync();
        Assert.True(await Eventually.TrueAsync(
            async () =>
            {
                await Hub.Get<Sampler>().LookAsync(Cancel);
                return await StatusAsync(id) == "active";
            },
            Patience, Cancel));
        return id;
    }

    private async Task StartSpokeAsync()
    {
        var hub = (await Hub.Viewer.GetAsync("/api/hub/config")).Text("publicKey")!;
        await Wg.RunAsync($"wireguard-go {_spoke.Interface}");
        var conf =
            $"""
            [Interface]
            PrivateKey = {_secret}
            [Peer]
            PublicKey = {hub}
            PresharedKey = {_presharedKey}
            Endpoint = 127.0.0.1:{Hub.Port}
            AllowedIPs = 192.0.2.0/24
            PersistentKeepalive = 1
            """;
        (await Shell.RunAsync(["wg", "setconf", _spoke.Interface, "/dev/stdin"], conf + "\n", Cancel)).OrThrow();
        await Wg.RunAsync($"ip link set {_spoke.Interface} up");
    }

    private async Task<string?> StatusAsync(string id) => (await Hub.Viewer.GetAsync($"/api/spoke/{id}")).Text("status");

    private async Task<long> TrafficAsync(string id) => (await Hub.Viewer.GetAsync($"/api/spoke/{id}")).At("transferRx").GetInt64();
}
