using System.Text.Json.Nodes;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>Who reaches whom, in real packets and both families, on a machine that forwards everything of its own accord.</summary>
[Trait("Kind", "Lab")]
public sealed class PolicyTests(PacketSite site) : IClassFixture<PacketSite>
{
    private const string ToHub = "anybody → hub";

    [Fact]
    public async Task Without_a_rule_a_spoke_reaches_the_hub_and_nothing_else()
    {
        await site.AllowAsync(ToHub);

        Assert.Equal(
            ["a→hub open", "a→b refused", "a→c refused", "a→lan refused", "a→web refused", "lan→a refused"],
            [
                await OfAsync("a", "hub"), await OfAsync("a", "b"), await OfAsync("a", "c"), await OfAsync("a", "lan"), await OfAsync("a", "web"),
                await FromLanAsync("a"),
            ]);
        Assert.Equal((true, false, false), (await PingsAsync("a", "hub"), await PingsAsync("a", "b"), await PingsAsync("a", "web")));
    }

    [Fact]
    public async Task Rules_between_groups_hold_one_way_in_both_families_and_by_port()
    {
        await site.AllowAsync(ToHub, $"group:staff → group:servers tcp {PacketSite.Port}", "spoke:c → spoke:b icmp");

        Assert.Equal(
            ["a→c open", "b→c open", "c→a refused", "a→b refused", "c→b refused"],
            [await OfAsync("a", "c"), await OfAsync("b", "c"), await OfAsync("c", "a"), await OfAsync("a", "b"), await OfAsync("c", "b")]);
        Assert.Equal((true, false, false), (await PingsAsync("c", "b"), await PingsAsync("b", "c"), await PingsAsync("a", "c")));
    }

    [Fact]
    public async Task The_internet_is_reached_under_the_hubs_own_address_and_is_no_LAN()
    {
        await site.AllowAsync(ToHub, "group:staff → internet");

        Assert.Equal(
            ["a→web open", "c→web refused", "a→lan refused"],
            [await OfAsync("a", "web", isOf6Too: false), await OfAsync("c", "web"), await OfAsync("a", "lan")]);
        Assert.Equal("203.0.113.1", site.LastSeenAt("web"));
    }

    [Fact]
    public async Task What_a_spoke_may_of_the_hub_itself_is_a_rule_too()
    {
        await site.AllowAsync($"group:staff → hub tcp {PacketSite.Port}");

        Assert.Equal(["a→hub open", "c→hub refused"], [await OfAsync("a", "hub"), await OfAsync("c", "hub")]);
        Assert.False(await PingsAsync("a", "hub"));
    }

    /// <summary>As Docker publishes one: another table changes the destination after ours has looked.</summary>
    [Fact]
    public async Task A_published_port_of_a_container_is_reached_only_by_a_rule_that_names_it()
    {
        var container = $"{PacketSite.LanHost}:{PacketSite.Port}";
        await NftAsync(
            $"table ip dockerlike {{\nchain pre {{ type nat hook prerouting priority dstnat; policy accept;\ntcp dport 8080 dnat to {container}\n}}\n}}");
        await site.AllowAsync(ToHub, "group:servers → internet");
        var before = await site.TcpAsync("a", site.Addresses["hub"].V4, 8080);

        // The LAN's host knows no way back to a spoke: as with a container, the machine masquerades.
        await NftAsync("table ip dockerlike {\nchain post { type nat hook postrouting priority srcnat; policy accept;\noifname \"lan0\" masquerade\n}\n}");
        await site.AllowAsync(ToHub, "group:staff → hub tcp 8080");
        var after = await site.TcpAsync("a", site.Addresses["hub"].V4, 8080);
        await NftAsync("delete table ip dockerlike");

        Assert.Equal(("refused", "open"), (before, after));
    }

    [Fact]
    public async Task A_rule_that_is_withdrawn_ends_what_was_open_within_a_second()
    {
        await site.AllowAsync(ToHub, "group:staff → group:servers");
        await using var open = await site.OpenAsync("a", site.Addresses["c"].V4);
        var answer = new byte[1];
        await open.WriteAsync("x"u8.ToArray(), Cancel);
        await open.ReadExactlyAsync(answer, Cancel);

        await site.AllowAsync(ToHub);

        var start = TimeProvider.System.GetTimestamp();
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(5))
            {
                await open.WriteAsync("x"u8.ToArray(), Cancel);
                await open.ReadExactlyAsync(answer, Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, Cancel);
            }
        });
    }

    [Fact]
    public async Task Sixty_replacements_lose_no_packet()
    {
        await site.AllowAsync(ToHub, "group:staff → group:servers");
        Assert.True(await PingsAsync("a", "c"));
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
        Assert.True(await PingsAsync("a", "c"));
        using var forbidden = site.StartPing("c", site.Addresses["a"].V4, "forbidden");
        using var forbidden6 = site.StartPing("c", site.Addresses["a"].V6, "forbidden6");
        using var toHub = site.StartPing("c", site.Addresses["hub"].V4, "hub");
        await toHub.AnswersAsync(5, Cancel);

        for (var turn = 0; turn < 3; turn++)
        {
            await NftAsync("flush ruleset");
            Assert.True(await Eventually.TrueAsync(() => PingsAsync("a", "c"), TimeSpan.FromSeconds(10), Cancel));
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

        await NftAsync(change);

        Assert.True(await Eventually.TrueAsync(async () => await TableAsync() == before, TimeSpan.FromSeconds(10), Cancel), await TableAsync());
    }

    /// <summary>As Docker, ufw and others leave a machine. Their tables are told of, and never written.</summary>
    [Theory]
    [InlineData("ip docker0like", "jump DOCKER-USER\n}\nchain DOCKER-USER {", "iptables -I DOCKER-USER -i wg0 -j ACCEPT")]
    [InlineData("inet strict", "", "nft insert rule inet strict FORWARD iifname wg0 accept")]
    public async Task A_foreign_firewall_that_drops_is_named_with_the_lines_that_let_us_through(string table, string rule, string lines)
    {
        await site.AllowAsync(ToHub, "group:staff → group:servers");
        await NftAsync($"table {table} {{\nchain FORWARD {{ type filter hook forward priority 0; policy drop;\n{rule}\n}}\n}}");
        Assert.Equal("a→c silent", await OfAsync("a", "c", isOf6Too: false));
        Assert.True(await Eventually.TrueAsync(() => FailureHasAsync(lines), TimeSpan.FromSeconds(20), Cancel));

        await NftAsync($"insert rule {table} FORWARD iifname wg0 accept\ninsert rule {table} FORWARD oifname wg0 accept");
        Assert.Equal("a→c open", await OfAsync("a", "c", isOf6Too: false));
        Assert.True(await Eventually.TrueAsync(async () => !await FailureHasAsync("Another firewall"), TimeSpan.FromSeconds(20), Cancel));
        await NftAsync($"delete table {table}");
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

    /// <summary>A new group holds at once, and what the old one allowed is over.</summary>
    [Fact]
    public async Task A_spoke_that_changes_its_group_is_under_its_rules_when_the_answer_comes()
    {
        await site.AllowAsync(ToHub, "group:staff → group:servers");

        await site.Api.ChangeSpokeAsync(site.Ids["b"], new JsonObject { ["group"] = "guests" }, Cancel);
        var asGuest = await OfAsync("b", "c");
        await site.Api.ChangeSpokeAsync(site.Ids["b"], new JsonObject { ["group"] = "staff" }, Cancel);

        Assert.Equal(("b→c refused", "b→c open"), (asGuest, await OfAsync("b", "c")));
    }

    [Fact]
    public async Task What_nobody_confirms_goes_back_by_itself()
    {
        await site.AllowAsync(ToHub);

        await site.Api.PutAsync(
            "/api/policy?confirmSeconds=10", new() { ["rules"] = new JsonArray(new JsonObject { ["from"] = "anybody", ["to"] = "anybody" }) }, Cancel);
        Assert.Equal("a→c open", await OfAsync("a", "c"));

        Assert.True(await Eventually.TrueAsync(async () => await OfAsync("a", "c") == "a→c refused", TimeSpan.FromSeconds(30), Cancel));
        Assert.Contains("policy.rolled_back", (await site.Api.GetAsync("/api/audit?event=policy.rolled_back", Cancel)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_API_says_of_two_is_what_their_packets_meet()
    {
        await site.AllowAsync(
            ToHub, "group:staff → spoke:c tcp 4500", "spoke:c → group:staff tcp 1-4499", "spoke:b → internet tcp", "anybody → spoke:b udp");
        string[] spokes = ["a", "b", "c"];

        foreach (var (from, to) in spokes.SelectMany(from => spokes.Append("hub").Append("internet").Where(to => to != from).Select(to => (from, to))))
        {
            var party = to is "hub" or "internet" ? to : $"spoke:{to}";
            var said = await site.Api.GetAsync($"/api/policy/check?from=spoke:{from}&to={party}&protocol=tcp&port={PacketSite.Port}", Cancel);
            var host = to == "internet" ? "web" : to;
            Assert.Equal(
                $"{from}→{host} {(said.GetProperty("allowed").GetBoolean() ? "open" : "refused")}", await OfAsync(from, host, isOf6Too: host != "web"));
        }
    }

    /// <summary>The same in both families, or both are told.</summary>
    private async Task<string> OfAsync(string from, string to, bool isOf6Too = true)
    {
        var (v4, v6) = site.Addresses[to];
        var (first, second) = (await site.TcpAsync(from, v4), isOf6Too ? await site.TcpAsync(from, v6) : null);
        return $"{from}→{to} {first}{(second is null || second == first ? "" : $", {second} by IPv6")}";
    }

    private async Task<string> FromLanAsync(string to)
    {
        await site.Network("lan").IpAsync("route replace 10.8.0.0/24 via 192.168.50.1", Cancel);
        var seen = await site.TcpAsync("lan", site.Addresses[to].V4);
        await site.Network("lan").IpAsync("route delete 10.8.0.0/24", Cancel);
        return $"lan→{to} {seen}";
    }

    private async Task<bool> FailureHasAsync(string words) =>
        (await site.Api.GetAsync("/api/hub/status", Cancel)).ToString().Contains(words, StringComparison.Ordinal);

    private async Task<bool> PingsAsync(string from, string to) => await site.PingsAsync(from, site.Addresses[to].V4);

    private static async Task<IReadOnlyList<int>> AnsweredAsync(ContinuousPing ping)
    {
        await ping.StopAsync(Cancel);
        return ping.AnsweredNumbers;
    }

    private async Task NftAsync(string script) => (await Shell.RunAsync(site.Net.EnterHub("nft", "-f", "-"), script, Cancel)).OrThrow();

    private async Task<string> TableAsync() => System.Text.RegularExpressions.Regex.Replace(
        (await site.Net.RunAsync(["nft", "list", "table", "inet", "wghub_wg0"], Cancel)).Output, "packets [0-9]+ bytes [0-9]+", "");
}
