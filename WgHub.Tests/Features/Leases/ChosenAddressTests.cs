using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Leases;

/// <summary>IPv6 addresses that somebody chooses, and addresses that are changed later: durable, live, and never two machines'.</summary>
public sealed class ChosenAddressTests : HubTest
{
    private string Base6 => Hub.Network6.Split("::/")[0];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = Hub.Network6 })).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_names_the_IPv6_address_and_the_spoke_has_it_everywhere()
    {
        var made = (await TokenAsync("oslo", addressV6: $"{Base6}:0:0:0:0:0:5")).Expect(HttpStatusCode.Created);
        Assert.Equal($"{Base6}::5", made.Text("token", "addressV6"));
        var key = Wg.NewKey();

        var told = (await Hub.RegisterAsync(made.Text("token", "token")!, key)).Expect(HttpStatusCode.Created);

        var address = made.At("token", "allowedIPs")[0].GetString();
        Assert.Equal([address, $"{Base6}::5/128"], told.At("spoke", "allowedIPs").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal($"{address} {Base6}::5/128", (await Wg.PeersAsync(Hub.Interface))[key]);
        var spoke = await Hub.Viewer.GetAsync($"/api/spoke/{told.Text("spoke", "id")}");
        Assert.Equal(($"{Base6}::5", "False"), (spoke.Text("addressV6"), spoke.Text("addressesBehind")));
    }

    [Fact]
    public async Task Nobody_gets_an_IPv6_address_that_somebody_has_or_will_have()
    {
        var first = await Hub.EnrolAsync();
        (await TokenAsync("a", addressV6: Derived(first.Address))).Expect(HttpStatusCode.Conflict, "ADDRESS_IN_USE");
        (await TokenAsync("a", addressV6: Derived(Hub.Address(1)))).Expect(HttpStatusCode.Conflict, "ADDRESS_IN_USE");
        (await TokenAsync("a", addressV6: $"{Base6}::7")).Expect(HttpStatusCode.Created);
        Assert.Equal(["addressV6"], (await TokenAsync("b", addressV6: $"{Base6}::7")).Expect(HttpStatusCode.Conflict, "ADDRESS_IN_USE").Members("errors"));

        // The one that follows from a free IPv4 address takes that one with it, whether it is named or comes by itself.
        (await TokenAsync("c", Hub.Address(9), Derived(Hub.Address(4)))).Expect(HttpStatusCode.Created);
        (await TokenAsync("d", Hub.Address(4))).Expect(HttpStatusCode.Conflict, "ADDRESS_IN_USE");
        Assert.Equal(Hub.Address(5), (await Hub.TokenAsync("e")).Address);
    }

    [Theory]
    [InlineData("fd01::5", "ADDRESS_OUTSIDE_NETWORK")]
    [InlineData("NETWORK", "ADDRESS_OUTSIDE_NETWORK")]
    [InlineData("fe80::1%eth0", "VALIDATION_FAILED")]
    [InlineData("[fd00::1]", "VALIDATION_FAILED")]
    [InlineData("10.8.0.5", "VALIDATION_FAILED")]
    [InlineData("::ffff:10.8.0.5", "VALIDATION_FAILED")]
    [InlineData("fd00::1/128", "VALIDATION_FAILED")]
    [InlineData("x", "VALIDATION_FAILED")]
    public async Task What_no_spoke_can_have_is_refused_with_its_field(string address, string code)
    {
        address = address == "NETWORK" ? $"{Base6}::" : address;
        var spoke = await Hub.EnrolAsync();
        var before = await Snapshot.TakeAsync(Hub);

        Answer[] answers = [await TokenAsync("a", addressV6: address), await PatchAsync(spoke, address)];

        Assert.All(answers, answer => Assert.Equal(["addressV6"], answer.Expect(HttpStatusCode.BadRequest, code).Members("errors")));
        Assert.Equal(before, await Snapshot.TakeAsync(Hub));
    }

    [Fact]
    public async Task Without_an_IPv6_network_there_is_no_address_to_choose()
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = "" })).Expect(HttpStatusCode.OK);

        var refusal = (await TokenAsync("a", addressV6: "fd00::5")).Expect(HttpStatusCode.BadRequest, "ADDRESS_OUTSIDE_NETWORK");

        Assert.Contains("no IPv6 network", refusal.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_addresses_are_live_when_the_answer_comes_and_told_until_the_machine_has_them()
    {
        var (spoke, next) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());

        var moved = (await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { customIP = Hub.Address(40), addressV6 = $"{Base6}::40" }))
            .Expect(HttpStatusCode.OK);

        Assert.Equal(($"{Base6}::40", "True"), (moved.Text("addressV6"), moved.Text("addressesBehind")));
        Assert.Equal($"{Hub.Address(40)}/32 {Base6}::40/128", (await Wg.PeersAsync(Hub.Interface))[spoke.Key]);
        Assert.Equal(spoke.Address, (await Hub.TokenAsync()).Address); // free again at once
        (await Hub.Operator.PatchAsync($"/api/spoke/{next.Id}", new { customIP = Hub.Address(40) })).Expect(HttpStatusCode.Conflict, "ADDRESS_IN_USE");
        var page = (await (await Hub.PersonAsync(Web.Roles.Operator)).GetAsync($"/spokes/{spoke.Id}")).Body;
        Assert.Contains("Its addresses were changed", page, StringComparison.Ordinal);
        Assert.Contains("/i/again", page, StringComparison.Ordinal);
        Assert.Contains($"{Hub.Address(40)}/32, {Base6}::40/128", page, StringComparison.Ordinal);

        var again = (await Hub.RegisterAsync(spoke.Token, spoke.Key)).Expect(HttpStatusCode.OK);

        Assert.Equal([$"{Hub.Address(40)}/32", $"{Base6}::40/128"], again.At("spoke", "allowedIPs").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal("False", (await Hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}")).Text("addressesBehind"));
    }

    [Fact]
    public async Task An_empty_text_brings_back_the_one_that_follows_unless_somebody_has_it()
    {
        var (a, b) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        (await PatchAsync(a, $"{Base6}::1:1")).Expect(HttpStatusCode.OK);
        (await PatchAsync(b, Derived(a.Address))).Expect(HttpStatusCode.OK);

        (await PatchAsync(a, "")).Expect(HttpStatusCode.Conflict, "ADDRESS_IN_USE");
        (await PatchAsync(b, "")).Expect(HttpStatusCode.OK);
        (await PatchAsync(a, "")).Expect(HttpStatusCode.OK);

        Assert.Equal($"{a.Address}/32 {Derived(a.Address)}/128", (await Wg.PeersAsync(Hub.Interface))[a.Key]);
    }

    [Fact]
    public async Task Nothing_changed_is_no_change()
    {
        var spoke = await Hub.EnrolAsync();
        var before = await Snapshot.TakeAsync(Hub);

        var answer = await Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { customIP = spoke.Address, addressV6 = Derived(spoke.Address) });

        Assert.Equal("False", answer.Expect(HttpStatusCode.OK).Text("addressesBehind"));
        Assert.Equal(before, await Snapshot.TakeAsync(Hub));
    }

    /// <summary>Today nobody can have the IPv4 address that it follows from; in a larger network somebody could.</summary>
    [Fact]
    public async Task A_chosen_address_stays_its_spokes_when_the_network_grows()
    {
        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDR = $"{Hub.Address(0)}/29" })).Expect(HttpStatusCode.OK);
        (await TokenAsync("a", addressV6: Derived(Hub.Address(9)))).Expect(HttpStatusCode.Created);

        (await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDR = Hub.Network })).Expect(HttpStatusCode.OK);

        (await TokenAsync("b", Hub.Address(9))).Expect(HttpStatusCode.Conflict, "ADDRESS_IN_USE");
        foreach (var _ in Enumerable.Range(0, 8))
        {
            Assert.NotEqual(Hub.Address(9), (await Hub.TokenAsync()).Address);
        }
    }

    [Fact]
    public async Task An_IPv6_network_without_a_chosen_address_is_refused()
    {
        (await TokenAsync("a", addressV6: $"{Base6}:0:0:1::5")).Expect(HttpStatusCode.Created);

        var refusal = await Hub.Admin.PutAsync("/api/hub/config", new { networkCIDRv6 = $"{Base6}::/96" });

        Assert.Contains("a", refusal.Expect(HttpStatusCode.Conflict, "NETWORK_IN_USE").Text("error"), StringComparison.Ordinal);
    }

    /// <summary>The IPv6 address that follows from an IPv4 address.</summary>
    private string Derived(string address) =>
        new IPAddress([.. IPAddress.Parse($"{Base6}::").GetAddressBytes()[..12], .. IPAddress.Parse(address).GetAddressBytes()]).ToString();

    private Task<Answer> TokenAsync(string name, string? customIP = null, string? addressV6 = null) =>
        Hub.Operator.PostAsync("/api/installation/token", new { spokeName = name, customIP, addressV6 });

    private Task<Answer> PatchAsync(Enrolled spoke, string addressV6) => Hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { addressV6 });
}
