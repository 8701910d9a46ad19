using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Networks;

/// <summary>Networks by the API, on a real interface.</summary>
[Collection(nameof(MachineRoutes))]
public sealed class NetworkApiTests : HubTest
{
    [Theory]
    [InlineData("10.77.0.0/16")]
    [InlineData("fd77:1::/48")]
    public async Task A_network_behind_a_spoke_is_on_its_peer_when_the_answer_comes_and_routed_with_the_next_pass(string cidr)
    {
        var spoke = await Hub.EnrolAsync();
        await Hub.ReconcileAsync();

        var made = (await Hub.Operator.PostAsync("/api/networks", new { name = "office", cidr, via = spoke.Id, masquerade = true }))
            .Expect(HttpStatusCode.Created);

        string[] members = ["name", "cidr", "via", "active", "masquerade"];
        Assert.Equal(["office", cidr, spoke.Id, spoke.Id, "True"], members.Select(member => made.Text(member)));
        Assert.Contains(cidr, (await Wg.PeersAsync(Hub.Interface))[spoke.Key].Split(' '));
        await Hub.ReconcileAsync();
        Assert.Contains(cidr, await RoutesAsync(), StringComparison.Ordinal);

        (await Hub.Operator.DeleteAsync($"/api/networks/{made.Text("id")}")).Expect(HttpStatusCode.OK);
        Assert.DoesNotContain(cidr, (await Wg.PeersAsync(Hub.Interface))[spoke.Key].Split(' '));
        await Hub.ReconcileAsync();
        Assert.DoesNotContain(cidr, await RoutesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_moves_to_another_spoke_and_back_behind_the_hub()
    {
        var (one, other) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        var id = await MakeAsync(new { name = "lan", cidr = "10.77.1.0/24", via = one.Id });

        (await Hub.Operator.PatchAsync($"/api/networks/{id}", new { via = other.Id })).Expect(HttpStatusCode.OK);
        Assert.Equal(["10.77.1.0/24"], await NetworksOfAsync(other));
        Assert.Empty(await NetworksOfAsync(one));

        var behindHub = (await Hub.Operator.PatchAsync($"/api/networks/{id}", new { via = "hub" })).Expect(HttpStatusCode.OK);
        Assert.Equal("hub", behindHub.Text("via"));
        Assert.Contains("default gateway", behindHub.Text("warning"), StringComparison.Ordinal);
        Assert.Empty(await NetworksOfAsync(other));
    }

    [Theory]
    [InlineData("10.77.0.5/16", "This is an address in a network. The network is 10.77.0.0/16.")]
    [InlineData("fd77::1/64", "This is an address in a network. The network is fd77::/64.")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0 is the internet")]
    [InlineData("::/0", "::/0 is the internet")]
    [InlineData("0.0.0.0/1", "too large")]
    [InlineData("128.0.0.0/1", "too large")]
    [InlineData("8000::/1", "too large")]
    [InlineData("10.0.0.0/7", "too large")]
    [InlineData("fd00::/15", "too large")]
    [InlineData("127.0.0.0/8", "no machine can have")]
    [InlineData("169.254.0.0/16", "no machine can have")]
    [InlineData("224.0.0.0/8", "no machine can have")]
    [InlineData("0.0.0.0/8", "no machine can have")]
    [InlineData("fe80::/64", "no machine can have")]
    [InlineData("ff02::/16", "no machine can have")]
    [InlineData("::ffff:10.0.0.0/104", "A network such as")]
    [InlineData("010.0.0.0/8", "A network such as")]
    [InlineData("10.1/16", "A network such as")]
    [InlineData("10.0.0.0/33", "A network such as")]
    [InlineData("10.0.0.0/08", "A network such as")]
    [InlineData("10.0.0.0", "A network such as")]
    [InlineData("fd00::/129", "A network such as")]
    [InlineData("fe80::%eth0/64", "A network such as")]
    [InlineData("office", "A network such as")]
    [InlineData("", "This is needed")]
    public async Task What_can_be_nobodys_network_is_refused_and_says_why(string cidr, string sentence)
    {
        var spoke = await Hub.EnrolAsync();
        foreach (var via in new[] { spoke.Id, "hub" })
        {
            var refused = (await Hub.Operator.PostAsync("/api/networks", new { name = "lan", cidr, via }))
                .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

            Assert.Contains(sentence, refused.At("errors", "cidr")[0].GetString(), StringComparison.Ordinal);
        }

        Assert.Empty(await AllAsync());
    }

    [Fact]
    public async Task Who_holds_what_is_told_when_networks_overlap()
    {
        var (one, other) = (await Hub.EnrolAsync("one"), await Hub.EnrolAsync("other"));
        await MakeAsync(new { name = "office", cidr = "10.77.0.0/16", via = one.Id });

        foreach (var cidr in new[] { "10.77.0.0/16", "10.77.3.0/24", "10.76.0.0/15" })
        {
            foreach (var via in new[] { other.Id, "hub" })
            {
                var refused = await RefusedAsync(new { name = "lan", cidr, via });
                Assert.Contains("the network 'office' behind one", refused, StringComparison.Ordinal);
            }
        }

        var same = await RefusedAsync(new { name = "lan", cidr = "10.77.0.0/16", via = one.Id });
        Assert.Contains("held by the network 'office'", same, StringComparison.Ordinal);
        await MakeAsync(new { name = "part", cidr = "10.77.3.0/24", via = one.Id }); // a name for a part of it, behind the same spoke
        Assert.Contains(
            "the network 'part'",
            (await Hub.Operator.PatchAsync($"/api/networks/{await IdOfAsync("office")}", new { via = other.Id })).Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hubs_own_networks_are_nobodys_and_the_hub_takes_nobodys()
    {
        var spoke = await Hub.EnrolAsync();
        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = Hub.Network6 })).Expect(HttpStatusCode.OK);
        foreach (var cidr in new[] { Hub.Network, $"{Hub.Address(4)}/30", Hub.Network6 })
        {
            Assert.Contains("held by the hub", await RefusedAsync(new { name = "lan", cidr, via = "hub" }), StringComparison.Ordinal);
        }

        await MakeAsync(new { name = "far", cidr = "10.201.0.0/16", via = spoke.Id });
        await MakeAsync(new { name = "six", cidr = "fd99:1::/64", via = spoke.Id });
        foreach (var change in new object[] { new { networkCIDR = "10.201.4.0/22" }, new { networkCIDRv6 = "fd99:1::/64" } })
        {
            (await Hub.Admin.PutAsync("/api/hub/config", change)).Expect(HttpStatusCode.Conflict, "NETWORK_OVERLAP");
        }
    }

    [Fact]
    public async Task What_the_hubs_machine_reaches_itself_lies_behind_no_spoke()
    {
        var spoke = await Hub.EnrolAsync();
        await Wg.RunAsync("ip link add wgn-lan type veth peer name wgn-far");
        try
        {
            await Wg.RunAsync("ip address add 10.78.0.1/24 dev wgn-lan");
            await Wg.RunAsync("ip -6 address add fd78::1/64 dev wgn-lan nodad");
            await Wg.RunAsync("ip link set wgn-lan up");
            foreach (var cidr in new[] { "10.78.0.0/24", "10.78.0.128/25", "10.78.0.0/16", "fd78::/64" })
            {
                Assert.Contains("by another interface", await RefusedAsync(new { name = "lan", cidr, via = spoke.Id }), StringComparison.Ordinal);
            }

            var made = (await Hub.Operator.PostAsync("/api/networks", new { name = "lan", cidr = "10.78.0.0/24", via = "hub" })).Expect(HttpStatusCode.Created);
            Assert.DoesNotContain("warning", made.Members());
        }
        finally
        {
            await Wg.RunAsync("ip link delete wgn-lan");
        }
    }

    [Fact]
    public async Task Names_and_spokes_have_to_be_right()
    {
        var spoke = await Hub.EnrolAsync();
        var id = await MakeAsync(new { name = "Office", cidr = "10.77.0.0/16", via = spoke.Id });
        await MakeAsync(new { name = "other", cidr = "10.79.0.0/16", via = spoke.Id });

        async Task ExpectAsync(object body, string code, string field)
        {
            var refused = await Hub.Operator.PostAsync("/api/networks", body);
            Assert.Equal((code, true), (refused.Code, refused.At("errors").TryGetProperty(field, out _)));
        }

        await ExpectAsync(new { name = "office", cidr = "10.80.0.0/16", via = spoke.Id }, "NAME_IN_USE", "name");
        await ExpectAsync(new { name = "an office", cidr = "10.80.0.0/16", via = spoke.Id }, "VALIDATION_FAILED", "name");
        await ExpectAsync(new { name = "new", cidr = "10.80.0.0/16" }, "VALIDATION_FAILED", "via");
        await ExpectAsync(new { name = "new", cidr = "10.80.0.0/16", via = "nobody" }, "VALIDATION_FAILED", "via");
        await ExpectAsync(new { name = "new", cidr = "10.80.0.0/16", via = spoke.Id, standby = spoke.Id }, "VALIDATION_FAILED", "standby");
        await ExpectAsync(new { name = "new", cidr = "10.80.0.0/16", via = "hub", standby = spoke.Id }, "VALIDATION_FAILED", "standby");
        await ExpectAsync(new { name = "new", cidr = "10.80.0.0/16", via = spoke.Id, standby = 7 }, "VALIDATION_FAILED", "standby");
        (await Hub.Operator.PatchAsync($"/api/networks/{id}", new { name = "OTHER" })).Expect(HttpStatusCode.Conflict, "NAME_IN_USE");
        (await Hub.Operator.PatchAsync($"/api/networks/{id}", new { name = "office" })).Expect(HttpStatusCode.OK);
        (await Hub.Operator.PatchAsync("/api/networks/gone", new { name = "x" })).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
        (await Hub.Operator.DeleteAsync("/api/networks/gone")).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task A_spoke_that_goes_leaves_its_network_without_a_way_until_it_gets_another()
    {
        var (spoke, heir) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        var id = await MakeAsync(new { name = "office", cidr = "10.77.0.0/16", via = spoke.Id });

        (await Hub.Operator.DeleteAsync($"/api/spoke/{spoke.Id}")).Expect(HttpStatusCode.OK);

        Assert.Equal(("office||", 1), ((await AllAsync()).Single(), (await AllAsync()).Count));
        (await Hub.Operator.PatchAsync($"/api/networks/{id}", new { name = "orphan" })).Expect(HttpStatusCode.OK);
        (await Hub.Operator.PatchAsync($"/api/networks/{id}", new { via = heir.Id })).Expect(HttpStatusCode.OK);
        Assert.Equal(["10.77.0.0/16"], await NetworksOfAsync(heir));
    }

    [Fact]
    public async Task The_barred_ones_are_a_list_of_their_own()
    {
        var networks = new object[] { new { cidr = "10.99.0.0/16", note = "DMZ" }, new { cidr = "169.254.169.254/32" }, new { cidr = "fd99::/16", note = "" } };
        (await Hub.Operator.PutAsync("/api/networks/barred", new { networks })).Expect(HttpStatusCode.OK);

        var all = (await Hub.Viewer.GetAsync("/api/networks/barred")).Expect(HttpStatusCode.OK).At("networks");
        Assert.Equal(
            ["10.99.0.0/16 DMZ", "169.254.169.254/32 ", "fd99::/16 "],
            all.EnumerateArray().Select(one => $"{one.GetProperty("cidr")} {one.GetProperty("note")}"));

        foreach (var cidr in new[] { "0.0.0.0/0", "::/0", "10.99.0.1/16", "", Hub.Network })
        {
            var refused = await Hub.Operator.PutAsync("/api/networks/barred", new { networks = new[] { new { cidr } } });
            Assert.Equal(cidr == Hub.Network ? "NETWORK_OVERLAP" : "VALIDATION_FAILED", refused.Code);
        }

        var twice = new[] { new { cidr = "10.99.0.0/16" }, new { cidr = "10.99.0.0/16" } };
        Assert.Equal("VALIDATION_FAILED", (await Hub.Operator.PutAsync("/api/networks/barred", new { networks = twice })).Code);
        Assert.Equal("VALIDATION_FAILED", (await Hub.Operator.PutAsync("/api/networks/barred", new { })).Code);
        Assert.Equal(3, Hub.Get<NetworkStore>().Barred(Hub.Database.OwnHub).Count);
        (await Hub.Operator.PutAsync("/api/networks/barred", new { networks = Array.Empty<object>() })).Expect(HttpStatusCode.OK);
        Assert.Empty(Hub.Get<NetworkStore>().Barred(Hub.Database.OwnHub));
    }

    private async Task<string> MakeAsync(object body) => (await Hub.Operator.PostAsync("/api/networks", body)).Expect(HttpStatusCode.Created).Text("id")!;

    private async Task<string> RefusedAsync(object body) =>
        (await Hub.Operator.PostAsync("/api/networks", body)).Expect(HttpStatusCode.Conflict, "NETWORK_OVERLAP").Text("error")!;

    private async Task<IReadOnlyList<string>> NetworksOfAsync(Enrolled spoke) =>
        [.. (await Wg.PeersAsync(Hub.Interface))[spoke.Key].Split(' ').Where(address => !address.StartsWith($"{spoke.Address}/", StringComparison.Ordinal))];

    private async Task<IReadOnlyList<string>> AllAsync() =>
        [.. (await Hub.Viewer.GetAsync("/api/networks")).Expect(HttpStatusCode.OK).At("networks").EnumerateArray()
            .Select(one => $"{one.GetProperty("name")}|{one.GetProperty("via")}|{one.GetProperty("active")}")];

    private async Task<string> IdOfAsync(string name) =>
        (await Hub.Viewer.GetAsync("/api/networks")).At("networks").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name)
            .GetProperty("id").GetString()!;

    private async Task<string> RoutesAsync() =>
        await Wg.RunAsync($"ip -4 route show dev {Hub.Interface}") + await Wg.RunAsync($"ip -6 route show dev {Hub.Interface}");
}
