using System.Net;
using WgHub.Features.Reports;
using WgHub.TestKit;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>A spoke is active by a handshake of the life that it leads now, and by none of a former one. Two real interfaces shake hands.</summary>
public sealed class SpokeLifeTests : HubTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private WgKey _key = null!;
    private Enrolled _spoke = null!;
    private string _presharedKey = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _key = await WgKey.NewAsync();
        var (id, secret, address) = await Hub.TokenAsync();
        var answer = (await Hub.RegisterAsync(secret, _key.Public)).Expect(HttpStatusCode.Created);
        _spoke = new(answer.Text("spoke", "id")!, answer.Text("spoke", "name")!, address, _key.Public, id, secret);
        _presharedKey = answer.Text("presharedKey")!;
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("disabled with others")]
    [InlineData("expired")]
    [InlineData("hub key")]
    [InlineData("interface")]
    [InlineData("taken off by hand")]
    public async Task After_its_tunnel_has_ended_it_is_active_by_a_handshake_since_and_not_before(string end)
    {
        await ConnectAsync();

        await EndAsync(end);

        await ExpectAsync("inactive"); // its machine is gone: there is no new handshake
        await Hub.Get<Sampler>().LookAsync(Cancel);
        await ExpectAsync("inactive");
        await Hub.RestartAsync();
        await ExpectAsync("inactive");
        await ConnectAsync();
    }

    [Fact]
    public async Task A_change_that_ends_no_tunnel_leaves_it_active()
    {
        await ConnectAsync();

        await PatchAsync(new { notes = "changed", expiresAt = "2099-01-01T00:00:00Z" });
        await PatchAsync(new { enabled = true });

        await ExpectAsync("active");
    }

    /// <summary>A machine that has nothing to send would come by itself two minutes later, when its session is too old.</summary>
    [Fact]
    public async Task One_that_is_switched_on_again_is_called_where_it_was_last_seen()
    {
        await using var tunnel = await SpokeTunnel.OpenAsync(Hub, _key, _presharedKey);
        await ActiveAsync();
        await tunnel.FallSilentAsync();
        await Task.Delay(TimeSpan.FromSeconds(1.1), Cancel);

        await PatchAsync(new { enabled = false });
        await Hub.ReconcileAsync();
        await PatchAsync(new { enabled = true });
        await ExpectAsync("inactive");
        await Hub.ReconcileAsync();

        await ActiveAsync();
    }

    [Fact]
    public async Task A_spoke_that_got_a_new_key_is_pending_until_that_one_shakes_hands_also_when_it_is_the_first_one_again()
    {
        await ConnectAsync();
        foreach (var key in new[] { Wg.NewKey(), _key.Public })
        {
            var token = (await Hub.Operator.PostAsync($"/api/spoke/{_spoke.Id}/reenrol-token", new { })).Expect(HttpStatusCode.Created).Text("token", "token")!;
            _presharedKey = (await Hub.RegisterAsync(token, key)).Expect(HttpStatusCode.Created).Text("presharedKey")!;
            await ExpectAsync("pending");
        }

        await ConnectAsync();
    }

    /// <summary>A database as a backup has it, on a machine whose interface knows of no handshake.</summary>
    [Fact]
    public async Task A_handshake_that_only_the_restored_database_knows_does_not_count()
    {
        await Hub.Get<TrafficStore>().SaveAsync(
            Hub.Database.OwnHub, [new(PublicKey.Parse(_key.Public), "elsewhere", 5, 5, 5, 5, TimeProvider.System.GetUtcNow(), "203.0.113.9:9")], Cancel);

        await Hub.RestartAsync();

        await ExpectAsync("inactive");
    }

    private async Task EndAsync(string end)
    {
        switch (end)
        {
            case "disabled":
                await PatchAsync(new { enabled = false });
                await PatchAsync(new { enabled = true });
                break;
            case "disabled with others":
                await BulkAsync("disable");
                await BulkAsync("enable");
                break;
            case "expired":
                await PatchAsync(new { expiresAt = "2020-01-01T00:00:00Z" });
                await PatchAsync(new { expiresAt = (string?)null });
                break;
            case "hub key":
                (await Hub.Admin.PostAsync("/api/hub/key/announce", new { })).Expect(HttpStatusCode.OK);
                (await Hub.Admin.PostAsync("/api/hub/key/switch", new { leaveBehind = 1 })).Expect(HttpStatusCode.OK);
                break;
            case "interface":
                await Wg.RunAsync($"ip link delete {Hub.Interface}");
                await Hub.ReconcileAsync();
                await Hub.Get<Sampler>().LookAsync(Cancel);
                break;
            default:
                await Wg.RunAsync($"wg set {Hub.Interface} peer {_key.Public} remove");
                await Hub.ReconcileAsync();
                await Hub.Get<Sampler>().LookAsync(Cancel);
                break;
        }
    }

    /// <summary>Shakes hands, is seen so, and is gone: what was told before a second is over could be of either life.</summary>
    private async Task ConnectAsync()
    {
        await using (await SpokeTunnel.OpenAsync(Hub, _key, _presharedKey))
        {
            await ActiveAsync();
        }

        await Task.Delay(TimeSpan.FromSeconds(1.1), Cancel);
    }

    private async Task ActiveAsync() => Assert.True(await Eventually.TrueAsync(
        async () =>
        {
            await Hub.Get<Sampler>().LookAsync(Cancel);
            return await StatusAsync() == "active";
        },
        Patience, Cancel));

    private async Task ExpectAsync(string status)
    {
        Assert.Equal(status, await StatusAsync());
        Assert.Equal("1", (await Hub.Viewer.GetAsync($"/api/spoke/list?status={status}")).Text("total"));
        Assert.Contains($"state-{char.ToUpperInvariant(status[0])}{status[1..]}", (await Hub.Viewer.GetAsync("/spokes")).Body, StringComparison.Ordinal);
    }

    private async Task<string?> StatusAsync() => (await Hub.Viewer.GetAsync($"/api/spoke/{_spoke.Id}")).Text("status");

    private async Task PatchAsync(object change) => (await Hub.Operator.PatchAsync($"/api/spoke/{_spoke.Id}", change)).Expect(HttpStatusCode.OK);

    private async Task BulkAsync(string action) =>
        (await Hub.Operator.PostAsync("/api/spoke/bulk", new { ids = new[] { _spoke.Id }, action })).Expect(HttpStatusCode.OK);
}
