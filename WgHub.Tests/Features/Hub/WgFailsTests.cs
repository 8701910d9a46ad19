using System.Net;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Setup;
using WgHub.TestKit;

namespace WgHub.Features.Hub;

/// <summary>A wg that says no, and what callers hear of it.</summary>
public sealed class WgFailsTests : HubTest
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-wg-");
    private readonly WgProgram _wg;

    public WgFailsTests() => _wg = new(_folder);

    private protected override TestHub Make() => new() { IsSetUp = false, Settings = { ["WireGuard:WgCommand"] = _wg.Path } };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_set_up_that_failed_leaves_nothing_and_works_the_next_time()
    {
        _wg.Fail();
        var failed = (await SetUpAsync()).Expect(HttpStatusCode.ServiceUnavailable, "WIREGUARD_FAILED");
        Assert.Contains("the test says no", failed.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(2), failed.Headers.RetryAfter?.Delta);
        (await Hub.Viewer.GetAsync("/api/hub/config")).Expect(HttpStatusCode.Conflict, "HUB_NOT_INITIALIZED");
        Assert.False(Directory.Exists($"/sys/class/net/{Hub.Interface}"));

        _wg.Work();
        (await SetUpAsync()).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_set_up_that_fails_at_the_interface_takes_all_back()
    {
        // genkey and pubkey work; it is the interface that is refused.
        await using var hub = new TestHub { IsSetUp = false, Settings = { ["WireGuard:UserspaceCommand"] = "/bin/false", ["WireGuard:Userspace"] = "always" } };
        await hub.InitializeAsync();

        (await hub.Admin.PostAsync("/api/hub/initialize", hub.SetUp)).Expect(HttpStatusCode.ServiceUnavailable, "WIREGUARD_FAILED");

        (await hub.Viewer.GetAsync("/api/hub/config")).Expect(HttpStatusCode.Conflict, "HUB_NOT_INITIALIZED");
        Assert.Equal("1", (await hub.Viewer.GetAsync("/api/audit?event=hub.undone")).Text("total"));
        (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = "oslo" })).Expect(HttpStatusCode.Conflict, "HUB_NOT_INITIALIZED");
    }

    /// <summary>As a browser does on the hub's own machine, whose connection ends with every change of an interface.</summary>
    [Fact]
    public async Task A_change_goes_on_when_its_caller_has_gone()
    {
        await SetUpAsync();
        using var caller = new CancellationTokenSource();
        _wg.Wait();
        var before = _wg.Arguments.Length;
        var change = Hub.Get<HubService>().ChangeAsync(new() { Mtu = 1380 }, Storage.Actor.System, caller.Token);
        Assert.True(await Eventually.TrueAsync(() => Task.FromResult(_wg.Arguments.Length > before), TimeSpan.FromSeconds(20), Cancel));
        await caller.CancelAsync();
        _wg.GoOn();

        await change;

        Assert.Equal("1380", (await Hub.Viewer.GetAsync("/api/hub/config")).Text("mtu"));
        Assert.Contains("mtu 1380", await Wg.RunAsync($"ip link show {Hub.Interface}"), StringComparison.Ordinal);
    }

    /// <summary>The administrator comes after the interface.</summary>
    [Fact]
    public async Task A_set_up_goes_on_to_its_administrator_when_its_caller_has_gone()
    {
        var code = await Hub.Get<SetupCodes>().NewAsync(Cancel);
        var hub = new HubForm { NetworkCIDR = Hub.Network, ListenPort = Hub.Port, PublicEndpoint = "vpn.example.com" };
        using var caller = new CancellationTokenSource();
        var setUp = Hub.Get<SetupService>().CompleteAsync(new(code!.Reveal(), "ada", "correct horse battery", hub), TestHub.Browser, caller.Token);
        while (Hub.Get<SetupService>().NeedsHub)
        {
            await Task.Delay(1, Cancel);
        }

        await caller.CancelAsync(); // the interface is on its way, and the password not hashed yet

        await setUp;

        Assert.False(Hub.Get<SetupService>().NeedsAdministrator);
        Assert.False(Hub.Get<SetupService>().NeedsHub);
    }

    [Fact]
    public async Task A_registration_that_failed_succeeds_when_it_is_sent_again()
    {
        await SetUpAsync();
        var (_, secret, address) = await Hub.TokenAsync();
        var key = Wg.NewKey();
        _wg.Fail();
        (await Hub.RegisterAsync(secret, key)).Expect(HttpStatusCode.ServiceUnavailable, "WIREGUARD_FAILED");
        Assert.Empty(await Wg.PeersAsync(Hub.Interface));

        _wg.Work();
        (await Hub.RegisterAsync(secret, key)).Expect(HttpStatusCode.OK);

        Assert.Equal($"{address}/32", (await Wg.PeersAsync(Hub.Interface))[key]);
    }

    [Fact]
    public async Task What_wg_did_not_take_the_next_pass_brings()
    {
        await SetUpAsync();
        var (spoke, removed) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        var (_, secret, _) = await Hub.TokenAsync();
        var late = Wg.NewKey();
        _wg.Fail();
        (await Hub.RegisterAsync(secret, late)).Expect(HttpStatusCode.ServiceUnavailable, "WIREGUARD_FAILED");
        (await Hub.Operator.DeleteAsync($"/api/spoke/{removed.Id}")).Expect(HttpStatusCode.ServiceUnavailable, "WIREGUARD_FAILED");
        (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false })).Expect(HttpStatusCode.ServiceUnavailable, "WIREGUARD_FAILED");
        Assert.Equal(2, (await Wg.PeersAsync(Hub.Interface)).Count);

        _wg.Work();
        await Hub.ReconcileAsync();

        Assert.Equal([late], (await Wg.PeersAsync(Hub.Interface)).Keys);
    }

    [Fact]
    public async Task Settings_that_wg_refuses_stay_as_they_were()
    {
        await SetUpAsync();
        _wg.Fail();
        (await Hub.Admin.PutAsync("/api/hub/config", new { mtu = 1300 })).Expect(HttpStatusCode.ServiceUnavailable, "WIREGUARD_FAILED");

        _wg.Work();
        await Hub.ReconcileAsync();

        Assert.Equal("1420", (await Hub.Viewer.GetAsync("/api/hub/config")).Text("mtu"));
        Assert.Contains("mtu 1420", await Wg.RunAsync($"ip link show {Hub.Interface}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_says_what_wg_said_until_it_works_again()
    {
        await SetUpAsync();
        _wg.Fail();
        await Assert.ThrowsAsync<WireGuard.WgException>(Hub.ReconcileAsync);

        var down = (await Hub.Viewer.GetAsync("/api/hub/status")).Expect(HttpStatusCode.OK);
        Assert.False(down.At("up").GetBoolean());
        Assert.Contains("the test says no", down.Text("failure"), StringComparison.Ordinal);
        (await Hub.Nobody.GetAsync("/readyz")).Expect(HttpStatusCode.OK);   // it must be reachable to be mended

        _wg.Work();
        await Hub.ReconcileAsync();
        Assert.True((await Hub.Viewer.GetAsync("/api/hub/status")).At("up").GetBoolean());
    }

    [Fact]
    public async Task A_wg_that_is_missing_is_told_so()
    {
        await SetUpAsync();
        var (_, secret, _) = await Hub.TokenAsync();
        File.Delete(_wg.Path);

        var answer = (await Hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.ServiceUnavailable, "WIREGUARD_FAILED");

        Assert.Equal("wg could not be started: No such file or directory. Install it, on Debian: apt install wireguard-tools.", answer.Text("detail"));
    }

    private Task<Answer> SetUpAsync() => Hub.Admin.PostAsync("/api/hub/initialize", Hub.SetUp);
}
