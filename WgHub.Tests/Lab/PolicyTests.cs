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
                await site.OfAsync("a", "hub"), await site.OfAsync("a", "b"), await site.OfAsync("a", "c"), await site.OfAsync("a", "lan"),
                await site.OfAsync("a", "web"),
                await FromLanAsync("a"),
            ]);
        Assert.Equal((true, false, false), (await site.PingsAsync("a", "hub"), await site.PingsAsync("a", "b"), await site.PingsAsync("a", "web")));
    }

    [Fact]
    public async Task Rules_between_groups_hold_one_way_in_both_families_and_by_port()
    {
        await site.AllowAsync(ToHub, $"group:staff → group:servers tcp {PacketSite.Port}", "spoke:c → spoke:b icmp");

        Assert.Equal(
            ["a→c open", "b→c open", "c→a refused", "a→b refused", "c→b refused"],
            [
                await site.OfAsync("a", "c"), await site.OfAsync("b", "c"), await site.OfAsync("c", "a"), await site.OfAsync("a", "b"),
                await site.OfAsync("c", "b"),
            ]);
        Assert.Equal((true, false, false), (await site.PingsAsync("c", "b"), await site.PingsAsync("b", "c"), await site.PingsAsync("a", "c")));
    }

    [Fact]
    public async Task The_internet_is_reached_under_the_hubs_own_address_and_is_no_LAN()
    {
        await site.AllowAsync(ToHub, "group:staff → internet");

        Assert.Equal(
            ["a→web open", "c→web refused", "a→lan refused"],
            [await site.OfAsync("a", "web", isOf6Too: false), await site.OfAsync("c", "web"), await site.OfAsync("a", "lan")]);
        await site.SawAsync("web", "203.0.113.1");
    }

    [Fact]
    public async Task What_a_spoke_may_of_the_hub_itself_is_a_rule_too()
    {
        await site.AllowAsync($"group:staff → hub tcp {PacketSite.Port}");

        Assert.Equal(["a→hub open", "c→hub refused"], [await site.OfAsync("a", "hub"), await site.OfAsync("c", "hub")]);
        Assert.False(await site.PingsAsync("a", "hub"));
    }

    /// <summary>As Docker publishes one: another table changes the destination after ours has looked.</summary>
    [Fact]
    public async Task A_published_port_of_a_container_is_reached_only_by_a_rule_that_names_it()
    {
        var container = $"{PacketSite.LanHost}:{PacketSite.Port}";
        await site.NftAsync(
            $"table ip dockerlike {{\nchain pre {{ type nat hook prerouting priority dstnat; policy accept;\ntcp dport 8080 dnat to {container}\n}}\n}}");
        await site.AllowAsync(ToHub, "group:servers → internet");
        var before = await site.TcpAsync("a", site.Addresses["hub"].V4, 8080);

        // The LAN's host knows no way back to a spoke: as with a container, the machine masquerades.
        await site.NftAsync("table ip dockerlike {\nchain post { type nat hook postrouting priority srcnat; policy accept;\noifname \"lan0\" masquerade\n}\n}");
        await site.AllowAsync(ToHub, "group:staff → hub tcp 8080");
        var after = await site.TcpAsync("a", site.Addresses["hub"].V4, 8080);
        await site.NftAsync("delete table ip dockerlike");

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

    /// <summary>A new group holds at once, and what the old one allowed is over.</summary>
    [Fact]
    public async Task A_spoke_that_changes_its_group_is_under_its_rules_when_the_answer_comes()
    {
        await site.AllowAsync(ToHub, "group:staff → group:servers");

        await site.Api.ChangeSpokeAsync(site.Ids["b"], new JsonObject { ["group"] = "guests" }, Cancel);
        var asGuest = await site.OfAsync("b", "c");
        await site.Api.ChangeSpokeAsync(site.Ids["b"], new JsonObject { ["group"] = "staff" }, Cancel);

        Assert.Equal(("b→c refused", "b→c open"), (asGuest, await site.OfAsync("b", "c")));
    }

    [Fact]
    public async Task What_nobody_confirms_goes_back_by_itself()
    {
        await site.AllowAsync(ToHub);

        await site.Api.PutAsync(
            "/api/policy?confirmSeconds=10", new() { ["rules"] = new JsonArray(new JsonObject { ["from"] = "anybody", ["to"] = "anybody" }) }, Cancel);
        Assert.Equal("a→c open", await site.OfAsync("a", "c"));

        Assert.True(await Eventually.TrueAsync(async () => await site.OfAsync("a", "c") == "a→c refused", TimeSpan.FromSeconds(30), Cancel));
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
                $"{from}→{host} {(said.GetProperty("allowed").GetBoolean() ? "open" : "refused")}", await site.OfAsync(from, host, isOf6Too: host != "web"));
        }
    }

    /// <summary>The LAN's host has no route back until it is given one: with masquerading it needs none.</summary>
    [Fact]
    public async Task A_network_beside_the_hub_is_reached_by_its_rule_and_reaches_others_by_its_own()
    {
        var id = (await site.Api.PostAsync(
            "/api/networks", new() { ["name"] = "lan", ["cidr"] = "192.168.50.0/24", ["via"] = "hub", ["masquerade"] = true }, Cancel))
            .GetProperty("id").GetString();
        try
        {
            await site.AllowAsync(ToHub, $"group:staff → network:lan tcp {PacketSite.Port}");
            Assert.Equal(
                ["a→lan open", "c→lan refused"], [await site.OfAsync("a", "lan", isOf6Too: false), await site.OfAsync("c", "lan", isOf6Too: false)]);
            await site.SawAsync("lan", "192.168.50.1");

            await site.Api.PatchAsync($"/api/networks/{id}", new() { ["masquerade"] = false }, Cancel);
            await site.AllowAsync(ToHub, $"group:staff → network:lan tcp {PacketSite.Port}", "network:lan → group:servers");
            Assert.Equal(["lan→c open", "lan→a refused"], [await FromLanAsync("c"), await FromLanAsync("a")]);
            await site.Network("lan").IpAsync("route add 10.8.0.0/24 via 192.168.50.1", Cancel);
            Assert.Equal("a→lan open", await site.OfAsync("a", "lan", isOf6Too: false));
            await site.SawAsync("lan", site.Addresses["a"].V4);

            await BarAsync("192.168.50.0/24");
            Assert.Equal(
                ["a→lan refused", "lan→c refused"],
                [await site.OfAsync("a", "lan", isOf6Too: false), $"lan→c {await site.TcpAsync("lan", site.Addresses["c"].V4)}"]);
        }
        finally
        {
            await BarAsync();
            await site.AllowAsync(ToHub);
            await site.Api.DeleteAsync($"/api/networks/{id}", Cancel);
            await site.Network("lan").IpAsync("route flush root 10.8.0.0/24", Cancel);
        }

        Task BarAsync(params string[] networks) => site.Api.PutAsync(
            "/api/networks/barred", new() { ["networks"] = new JsonArray([.. networks.Select(cidr => new JsonObject { ["cidr"] = cidr })]) }, Cancel);
    }

    private async Task<string> FromLanAsync(string to)
    {
        await site.Network("lan").IpAsync("route replace 10.8.0.0/24 via 192.168.50.1", Cancel);
        var seen = await site.TcpAsync("lan", site.Addresses[to].V4);
        await site.Network("lan").IpAsync("route delete 10.8.0.0/24", Cancel);
        return $"lan→{to} {seen}";
    }
}
