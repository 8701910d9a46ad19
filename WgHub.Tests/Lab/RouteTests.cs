using System.Text.Json.Nodes;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>What machines route into their tunnels: by their line, and by what their timer learns.</summary>
[Trait("Kind", "Lab")]
public sealed class RouteTests(LabSite site) : IClassFixture<LabSite>
{
    /// <summary>The hour between two questions ends at once; half a minute between two looks becomes a second.</summary>
    private const string Hurry = """
        sed -i 's/^OnActiveSec=.*/OnActiveSec=1/; s/^On\(Unit.*Sec\)=.*/On\1=1/; s/^AccuracySec=.*/AccuracySec=1/' /etc/systemd/system/wghub-heal-wg0.timer
        systemctl daemon-reload
        systemctl restart wghub-heal-wg0.timer
        """;

    private const string Asks = "rm -f /run/wghub-wg0.asked";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("hub", "10.8.0.1/32", "10.8.0.1 scope link ")]
    [InlineData("network", "10.8.0.0/22", "10.8.0.0/22 scope link ")]
    [InlineData("10.20.0.0/16", "10.8.0.1/32 10.20.0.0/16", "10.8.0.1 scope link \n10.20.0.0/16 scope link ")]
    [InlineData("all", "0.0.0.0/0 ::/0", "")]
    public async Task A_line_brings_what_was_chosen(string choice, string allowed, string routes)
    {
        var name = $"oslo-{choice.Split('.', '/')[0]}";
        var spoke = await site.Net.BootAsync(name, SpokeKind.Tools, Cancel);

        (await spoke.PasteAsync((await TokenAsync(name, choice)).Line, Cancel)).OrThrow();

        Assert.Equal(allowed, (await spoke.RunAsync(["wg", "show", "wg0", "allowed-ips"], Cancel)).OrThrow().Split('\t')[1].Trim());
        Assert.Equal(routes, (await spoke.RunAsync(["ip", "-4", "route", "show", "dev", "wg0"], Cancel)).OrThrow().TrimEnd('\n'));
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
        Assert.False(await IsBehindAsync(name));
        var check = (await TokenAsync($"{name}-check", null)).LineWith("--check");
        Assert.Contains("all is well", (await spoke.PasteAsync(check, Cancel)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_is_learnt_by_the_timer_and_no_ping_is_lost_where_none_has_to_be()
    {
        var (name, spoke) = ("turin", await site.ConnectAsync("turin", Cancel));
        (await spoke.PasteAsync(Hurry, Cancel)).OrThrow();
        using var ping = spoke.StartPing(LabSite.HubTunnelAddress, "wg0");
        await ping.AnswersAsync(20, Cancel);

        await ChangeAsync(name, new JsonArray("10.20.0.0/16", "10.21.0.0/16"));
        Assert.True(await LearnsAsync(spoke, name), await LogAsync(spoke));
        Assert.Equal("10.8.0.1/32 10.20.0.0/16 10.21.0.0/16", await AllowedAsync(spoke));
        await ChangeAsync(name, "hub");
        Assert.True(await LearnsAsync(spoke, name), await LogAsync(spoke));
        Assert.Equal("10.8.0.1 scope link \n", (await spoke.RunAsync(["ip", "-4", "route", "show", "dev", "wg0"], Cancel)).OrThrow());

        await ping.AnswersAsync(20, Cancel);
        Assert.Empty(await ping.StopAsync(Cancel));
        await AssertSettledAsync(spoke, name);
    }

    [Fact]
    public async Task A_network_that_the_machine_has_already_is_left_to_it_and_the_hub_knows()
    {
        var (name, spoke) = ("ghent", await site.ConnectAsync("ghent", Cancel));
        await spoke.IpAsync("route add 10.30.0.0/16 via 10.77.0.1", Cancel);

        await ChangeAsync(name, new JsonArray("10.29.0.0/16", "10.30.0.0/16"));
        (await spoke.PasteAsync($"{Asks}; sh /etc/wireguard/wghub-wg0.heal", Cancel)).OrThrow();

        Assert.Equal("10.8.0.0/22", await AllowedAsync(spoke));
        Assert.Equal("10.8.0.0/22 scope link \n", (await spoke.RunAsync(["ip", "-4", "route", "show", "dev", "wg0"], Cancel)).OrThrow());
        Assert.True(await IsBehindAsync(name));
        Assert.True(await spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel));
    }

    [Fact]
    public async Task Everything_is_learnt_and_unlearnt_by_a_short_restart_that_comes_back_by_itself()
    {
        var (name, spoke) = ("lyon", await site.ConnectAsync("lyon", Cancel));
        (await spoke.PasteAsync(Hurry, Cancel)).OrThrow();

        await ChangeAsync(name, "all");
        (await spoke.PasteAsync(Asks, Cancel)).OrThrow();
        Assert.True(await Eventually.TrueAsync(async () => (await LogAsync(spoke)).Contains("nftables is missing", StringComparison.Ordinal), Limit, Cancel));
        Assert.True(await IsBehindAsync(name));
        (await spoke.PasteAsync("apt-get -q update && apt-get -q -y --no-install-recommends install nftables", Cancel)).OrThrow();
        Assert.True(await LearnsAsync(spoke, name), await LogAsync(spoke));
        Assert.Equal("0.0.0.0/0 ::/0", await AllowedAsync(spoke));
        Assert.Contains(" dev wg0 ", (await spoke.RunAsync(["ip", "route", "get", "192.0.2.1"], Cancel)).OrThrow(), StringComparison.Ordinal);
        await AssertSettledAsync(spoke, name);

        await ChangeAsync(name, "network");
        Assert.True(await LearnsAsync(spoke, name), await LogAsync(spoke));
        Assert.Equal(3, (await spoke.RunAsync(["ip", "rule"], Cancel)).OrThrow().Trim().Split('\n').Length);
        await AssertSettledAsync(spoke, name);
    }

    [Fact]
    public async Task What_was_cut_short_in_between_goes_back_to_what_it_was()
    {
        var (name, spoke) = ("bari", await site.ConnectAsync("bari", Cancel));
        (await spoke.PasteAsync(
            """
            systemctl stop wghub-heal-wg0.timer
            cp /etc/wireguard/wg0.conf /etc/wireguard/wghub-wg0.before
            sed -i 's|^AllowedIPs.*|AllowedIPs = 10.99.0.0/16|' /etc/wireguard/wg0.conf
            systemctl stop wg-quick@wg0
            sh /etc/wireguard/wghub-wg0.heal
            """,
            Cancel)).OrThrow();

        Assert.True(await Eventually.TrueAsync(() => spoke.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel), Limit, Cancel));
        await AssertSettledAsync(spoke, name);
    }

    /// <summary>What the timer has written is what the line would: once more, it touches nothing.</summary>
    private async Task AssertSettledAsync(LabSpoke spoke, string name)
    {
        var before = (await spoke.PasteAsync("cat /sys/class/net/wg0/ifindex; cat /etc/wireguard/wg0.conf", Cancel)).OrThrow();
        (await spoke.PasteAsync("curl -fsSL " + LabHub.Url + "/i/again | sh", Cancel)).OrThrow();
        Assert.Equal(before, (await spoke.PasteAsync("cat /sys/class/net/wg0/ifindex; cat /etc/wireguard/wg0.conf", Cancel)).OrThrow());
        Assert.False(await IsBehindAsync(name));
        (await spoke.PasteAsync(Hurry, Cancel)).OrThrow(); // the line has written the timer anew
    }

    private async Task<bool> LearnsAsync(LabSpoke spoke, string name)
    {
        Assert.True(await IsBehindAsync(name));
        (await spoke.PasteAsync(Asks, Cancel)).OrThrow();
        return await Eventually.TrueAsync(async () => !await IsBehindAsync(name), Limit, Cancel);
    }

    private async Task ChangeAsync(string name, JsonNode routes) =>
        await site.Api.ChangeSpokeAsync((await site.Api.FindSpokeAsync(name, Cancel)).Id, new() { ["routes"] = routes }, Cancel);

    private async Task<bool> IsBehindAsync(string name) =>
        (await site.Api.GetAsync($"/api/spoke/{(await site.Api.FindSpokeAsync(name, Cancel)).Id}", Cancel)).GetProperty("routesBehind").GetBoolean();

    private Task<InstallToken> TokenAsync(string name, string? choice) => site.Api.CreateTokenAsync(name, choice, Cancel);

    private static async Task<string> AllowedAsync(LabSpoke spoke) =>
        (await spoke.RunAsync(["wg", "show", "wg0", "allowed-ips"], Cancel)).OrThrow().Split('\t')[1].Trim();

    private static async Task<string> LogAsync(LabSpoke spoke) =>
        (await spoke.PasteAsync("journalctl -u wghub-heal-wg0 -u wg-quick@wg0 --no-pager | tail -40", Cancel)).Output;
}
