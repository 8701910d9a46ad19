using System.Text.Json.Nodes;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>What happens to the hub, and what its tunnels notice of it.</summary>
[Trait("Kind", "Lab")]
public sealed class HubTests(LabSite site) : IClassFixture<LabSite>
{
    // Mending may take 30 s; a spoke's WireGuard then needs up to 15 s to notice that it talks to a hub with no memory of it.
    private static readonly TimeSpan MendLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_tunnel_notices_a_kill_a_stop_a_start_or_an_edit()
    {
        var spoke = await site.ConnectAsync("oslo", Cancel);
        await site.Api.RegisterAsync((await site.Api.CreateTokenAsync("neighbour", Cancel)).Secret, LabApi.NewPublicKey(), Cancel);
        using var ping = spoke.StartPing(LabSite.HubTunnelAddress, "wg0");
        await ping.AnswersAsync(20, Cancel);

        await site.Hub.KillAsync(Cancel);
        await ping.AnswersAsync(20, Cancel);
        await site.Hub.StartAsync(Cancel);
        Assert.Equal(0, await site.Hub.StopAsync(Cancel));
        await ping.AnswersAsync(20, Cancel);
        await site.Hub.StartAsync(Cancel);
        await EditAsync();

        await ping.AnswersAsync(20, Cancel);
        Assert.Empty(await ping.StopAsync(Cancel));

        async Task EditAsync()
        {
            var neighbour = await site.Api.FindSpokeAsync("neighbour", Cancel);
            await site.Api.ChangeSpokeAsync(neighbour.Id, new() { ["name"] = "neighbor" }, Cancel);
            await site.Api.ChangeSpokeAsync(neighbour.Id, new() { ["enabled"] = false }, Cancel);
            await site.Api.ChangeSpokeAsync(neighbour.Id, new() { ["enabled"] = true }, Cancel);
            await site.Api.ConfigureAsync(new() { ["dns"] = new JsonArray("1.1.1.1"), ["mtu"] = 1400 }, Cancel);
            await site.Api.ConfigureAsync(new() { ["networkCIDR"] = "10.8.0.0/21", ["dns"] = new JsonArray() }, Cancel);
            await site.Api.RemoveSpokeAsync(neighbour.Id, Cancel);
        }
    }

    [Fact]
    public async Task What_a_hand_did_to_the_interface_is_mended()
    {
        var spoke = await site.ConnectAsync("turin", Cancel);
        var key = (await site.Api.FindSpokeAsync("turin", Cancel)).PublicKey;
        await PassAsync();
        var before = await MendedAsync();

        await WgAsync("set", "wg0", "peer", key, "remove");
        await WgAsync("set", "wg0", "peer", LabApi.NewPublicKey(), "allowed-ips", "10.8.3.3/32");
        Assert.True(await site.MirrorsItsListAsync(MendLimit, Cancel));
        Assert.True(await ComesBackAsync(spoke));

        await WgAsync("set", "wg0", "peer", key, "allowed-ips", "10.8.3.3/32");
        Assert.True(await site.MirrorsItsListAsync(MendLimit, Cancel));

        await site.Net.HubNetwork.IpAsync("link delete wg0", Cancel);
        Assert.True(await Eventually.TrueAsync(async () => (await site.Net.RunAsync(["ip", "link", "show", "wg0"], Cancel)).ExitCode == 0, MendLimit, Cancel));
        Assert.True(await site.MirrorsItsListAsync(MendLimit, Cancel));
        Assert.True(await ComesBackAsync(spoke));

        var all = (await site.LivePeersAsync(Cancel)).Count;
        Assert.Equal((before.Missing + 1 + all, before.Changed + 1, before.Unknown + 1), await MendedAsync());
    }

    [Fact]
    public async Task Totals_and_handshakes_outlive_a_reboot_of_the_machine()
    {
        var spoke = await site.ConnectAsync("lyon", Cancel);
        (await spoke.RunAsync(["ping", "-q", "-c", "50", "-i", "0.02", "-s", "1000", "-I", "wg0", LabSite.HubTunnelAddress], Cancel)).OrThrow();

        // An orderly stop writes down what was counted; a power cut may cost the last half minute.
        await site.Hub.StopAsync(Cancel);
        await site.Hub.StartAsync(Cancel);
        var before = await site.Api.FindSpokeAsync("lyon", Cancel);
        Assert.InRange(before.ReceivedBytes, 50_000, long.MaxValue);

        await spoke.PowerOffAsync(Cancel);
        await site.Hub.KillAsync(Cancel);
        await site.Net.HubNetwork.IpAsync("link delete wg0", Cancel);
        await site.Hub.StartAsync(Cancel);

        var after = await site.Api.FindSpokeAsync("lyon", Cancel);
        Assert.InRange(after.ReceivedBytes, before.ReceivedBytes, long.MaxValue);
        Assert.Equal(before.LastHandshake, after.LastHandshake);
        Assert.True(await site.MirrorsItsListAsync(MendLimit, Cancel));
    }

    [Fact]
    public async Task A_machine_that_boots_without_the_hub_has_its_tunnels_all_the_same()
    {
        var spoke = await site.ConnectAsync("ghent", Cancel);
        await site.Api.RegisterAsync((await site.Api.CreateTokenAsync("last-second", Cancel)).Secret, LabApi.NewPublicKey(), Cancel);
        var peers = await site.LivePeersAsync(Cancel);
        await site.Hub.StopAsync(Cancel);
        await site.Net.HubNetwork.IpAsync("link delete wg0", Cancel);

        (await site.Net.RunAsync(["wg-quick", "up", "wg0"], Cancel)).OrThrow();

        Assert.Equal(peers, await site.LivePeersAsync(Cancel));
        Assert.True(await ComesBackAsync(spoke));

        // The hub takes over what it finds.
        using var ping = spoke.StartPing(LabSite.HubTunnelAddress, "wg0");
        await ping.AnswersAsync(20, Cancel);
        await site.Hub.StartAsync(Cancel);
        await ping.AnswersAsync(20, Cancel);
        Assert.Empty(await ping.StopAsync(Cancel));
    }

    /// <summary>How many peers the audit log tells of as found missing, changed or unknown, and mended.</summary>
    private async Task<(int Missing, int Changed, int Unknown)> MendedAsync()
    {
        var audit = await site.Api.GetAsync("/api/audit?event=drift.mended", Cancel);
        var drifts = audit.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("detail")).ToArray();
        return (Count("missing"), Count("changed"), Count("unknown"));

        int Count(string kind) => drifts.Sum(drift => drift.GetProperty(kind).GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    /// <summary>Waits for the hub's next look at the interface: what was decided since its last is no drift to it.</summary>
    private async Task PassAsync()
    {
        var last = await LastAsync();
        Assert.True(await Eventually.TrueAsync(async () => await LastAsync() != last, MendLimit, Cancel));

        async Task<string?> LastAsync() => (await site.Api.GetAsync("/api/hub/status", Cancel)).GetProperty("lastPass").GetString();
    }

    private async Task WgAsync(params string[] arguments) => (await site.Net.RunAsync(["wg", .. arguments], Cancel)).OrThrow();

    private static Task<bool> ComesBackAsync(LabSpoke spoke) =>
        Eventually.TrueAsync(() => spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel), ReturnLimit, Cancel);
}
