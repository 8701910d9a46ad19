using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>What others, and the hub itself, do to the firewall while packets go: nothing forbidden passes, and nothing allowed is lost.</summary>
[Trait("Kind", "Lab")]
public sealed class FirewallTests(PacketSite site) : IClassFixture<PacketSite>
{
    private const string ToHub = "anybody → hub";

    [Fact]
    public async Task Sixty_replacements_lose_no_packet()
    {
        await site.AllowAsync(ToHub, "group:staff → group:servers");
        Assert.True(await site.PingsAsync("a", "c"));
        using var ping = site.StartPing("a", site.Addresses["c"].V4, "replaced");
        await ping.AnswersAsync(5, Cancel);

        for (var turn = 0; turn < 60; turn++)
        {
            await site.AllowAsync(ToHub, "group:staff → group:servers", $"group:servers → hub tcp {1000 + turn}");
        }

        await ping.AnswersAsync(5, Cancel);
        Assert.Empty(await ping.StopAsync(Cancel));
    }

    [Fact]
    public async Task A_flushed_ruleset_lets_nothing_pass_and_what_is_allowed_is_back_soon()
    {
        await site.AllowAsync(ToHub, "group:staff → group:servers");
        Assert.True(await site.PingsAsync("a", "c"));
        using var forbidden = site.StartPing("c", site.Addresses["a"].V4, "forbidden");
        using var forbidden6 = site.StartPing("c", site.Addresses["a"].V6, "forbidden6");
        using var toHub = site.StartPing("c", site.Addresses["hub"].V4, "hub");
        await toHub.AnswersAsync(5, Cancel);

        for (var turn = 0; turn < 3; turn++)
        {
            await site.NftAsync("flush ruleset");
            Assert.True(await Eventually.TrueAsync(() => site.PingsAsync("a", "c"), TimeSpan.FromSeconds(10), Cancel));
        }

        await toHub.AnswersAsync(5, Cancel);
        Assert.Empty(await toHub.StopAsync(Cancel));
        Assert.Empty(await AnsweredAsync(forbidden));
        Assert.Empty(await AnsweredAsync(forbidden6));
        Assert.Contains("firewall.mended", (await site.Api.GetAsync("/api/audit?event=firewall.mended", Cancel)).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delete chain inet wghub_wg0 nat")]
    [InlineData("add rule inet wghub_wg0 anybody accept")]
    [InlineData("insert rule inet wghub_wg0 pre accept")]
    [InlineData("flush map inet wghub_wg0 group_4")]
    [InlineData("add element inet wghub_wg0 tunnel_4 { 172.30.0.0/16 }")]
    [InlineData("delete element inet wghub_wg0 inside_4 { 10.0.0.0/8 }")]
    [InlineData("delete table inet wghub_wg0")]
    public async Task Whatever_somebody_does_to_the_table_is_undone(string change)
    {
        await site.AllowAsync(ToHub, "group:staff → group:servers", "group:staff → internet");
        var before = await TableAsync();

        await site.NftAsync(change);

        Assert.True(await Eventually.TrueAsync(async () => await TableAsync() == before, TimeSpan.FromSeconds(10), Cancel), await TableAsync());
    }

    /// <summary>As Docker, ufw and others leave a machine. Their tables are told of, and never written.</summary>
    [Theory]
    [InlineData("ip docker0like", "jump DOCKER-USER\n}\nchain DOCKER-USER {", "iptables -I DOCKER-USER -i wg0 -j ACCEPT")]
    [InlineData("inet strict", "", "nft insert rule inet strict FORWARD iifname wg0 accept")]
    public async Task A_foreign_firewall_that_drops_is_named_with_the_lines_that_let_us_through(string table, string rule, string lines)
    {
        await site.AllowAsync(ToHub, "group:staff → group:servers");
        await site.NftAsync($"table {table} {{\nchain FORWARD {{ type filter hook forward priority 0; policy drop;\n{rule}\n}}\n}}");
        Assert.Equal("a→c silent", await site.OfAsync("a", "c", isOf6Too: false));
        Assert.True(await Eventually.TrueAsync(() => FailureHasAsync(lines), TimeSpan.FromSeconds(20), Cancel));

        await site.NftAsync($"insert rule {table} FORWARD iifname wg0 accept\ninsert rule {table} FORWARD oifname wg0 accept");
        Assert.Equal("a→c open", await site.OfAsync("a", "c", isOf6Too: false));
        Assert.True(await Eventually.TrueAsync(async () => !await FailureHasAsync("Another firewall"), TimeSpan.FromSeconds(20), Cancel));
        await site.NftAsync($"delete table {table}");
    }

    [Fact]
    public async Task Rules_hold_while_the_hub_is_stopped_killed_and_started_again()
    {
        await site.AllowAsync(ToHub, "group:staff → group:servers");
        using var allowed = site.StartPing("a", site.Addresses["c"].V4, "stopped");
        using var forbidden = site.StartPing("c", site.Addresses["a"].V4, "stopped-forbidden");
        await allowed.AnswersAsync(5, Cancel);

        await site.Hub.StopAsync(Cancel);
        await allowed.AnswersAsync(5, Cancel);
        await site.Hub.StartAsync(Cancel);
        await allowed.AnswersAsync(5, Cancel);
        await site.Hub.KillAsync(Cancel);
        await site.Hub.StartAsync(Cancel);
        await allowed.AnswersAsync(5, Cancel);

        Assert.Empty(await allowed.StopAsync(Cancel));
        Assert.Empty(await AnsweredAsync(forbidden));
    }

    private async Task<bool> FailureHasAsync(string words) =>
        (await site.Api.GetAsync("/api/hub/status", Cancel)).ToString().Contains(words, StringComparison.Ordinal);

    private static async Task<IReadOnlyList<int>> AnsweredAsync(ContinuousPing ping)
    {
        await ping.StopAsync(Cancel);
        return ping.AnsweredNumbers;
    }

    private async Task<string> TableAsync() => System.Text.RegularExpressions.Regex.Replace(
        (await site.Net.RunAsync(["nft", "list", "table", "inet", "wghub_wg0"], Cancel)).Output, "packets [0-9]+ bytes [0-9]+", "");
}
