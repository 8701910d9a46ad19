using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Spokes;

public sealed class SpokeTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task One_spoke_is_told_whole()
    {
        var spoke = await hub.EnrolAsync();

        var answer = (await hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}")).Expect(HttpStatusCode.OK);

        Assert.Equal(
            ["id", "name", "publicKey", "addressV6", "addressesBehind", "allowedIPs", "status", "os", "enabled", "expiresAt", "group", "owner", "tags", "notes",
                "routes", "routesBehind", "isProxmox", "proxmoxNodeName", "proxmoxClusterName", "proxmoxVersion",
                "metadata", "registeredAt", "lastHandshake", "transferRx", "transferTx", "endpoint"],
            answer.Members());
        Assert.Equal((spoke.Name, spoke.Key, "pending"), (answer.Text("name"), answer.Text("publicKey"), answer.Text("status")));
        Assert.EndsWith("Z", answer.Text("registeredAt"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task A_spoke_that_is_not_there_is_not_found(string method) =>
        (await hub.Operator.SendTextAsync(new(method), "/api/spoke/0199-none", "{}")).Expect(HttpStatusCode.NotFound, "NOT_FOUND");

    [Fact]
    public async Task A_removed_spoke_is_off_the_interface_when_the_answer_comes_and_its_name_and_address_are_free()
    {
        var spoke = await hub.EnrolAsync();

        var answer = (await hub.Operator.DeleteAsync($"/api/spoke/{spoke.Id}")).Expect(HttpStatusCode.OK);

        Assert.Equal(["message", "spokeId"], answer.Members());
        Assert.DoesNotContain(spoke.Key, await Wg.PeersAsync(hub.Interface));
        (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = spoke.Name, customIP = spoke.Address })).Expect(HttpStatusCode.Created);
        (await hub.RegisterAsync(spoke.Token, spoke.Key)).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
    }

    [Fact]
    public async Task A_disabled_spoke_is_off_the_interface_and_comes_back_at_its_address()
    {
        var spoke = await hub.EnrolAsync();

        var off = (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false })).Expect(HttpStatusCode.OK);
        Assert.Equal("disabled", off.Text("status"));
        Assert.DoesNotContain(spoke.Key, await Wg.PeersAsync(hub.Interface));

        var on = (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = true })).Expect(HttpStatusCode.OK);
        Assert.Equal("pending", on.Text("status"));
        Assert.Equal($"{spoke.Address}/32", (await Wg.PeersAsync(hub.Interface))[spoke.Key]);
    }

    [Fact]
    public async Task An_expiry_in_the_past_takes_it_off_and_null_brings_it_back()
    {
        var spoke = await hub.EnrolAsync();

        Assert.Equal(
            "expired",
            (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { expiresAt = "2020-01-01T00:00:00Z" })).Expect(HttpStatusCode.OK).Text("status"));
        Assert.DoesNotContain(spoke.Key, await Wg.PeersAsync(hub.Interface));

        Assert.Equal(
            "pending", (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { expiresAt = (string?)null })).Expect(HttpStatusCode.OK).Text("status"));
        Assert.Contains(spoke.Key, await Wg.PeersAsync(hub.Interface));
    }

    [Fact]
    public async Task What_a_change_does_not_name_stays()
    {
        var spoke = await hub.EnrolAsync();
        await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { notes = "behind the door", expiresAt = "2099-01-01T00:00:00Z" });

        var answer = (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { name = "Renamed" })).Expect(HttpStatusCode.OK);

        Assert.Equal(("Renamed", "behind the door", "2099-01-01T00:00:00.000Z"), (answer.Text("name"), answer.Text("notes"), answer.Text("expiresAt")));
        Assert.Contains(spoke.Key, await Wg.PeersAsync(hub.Interface));
    }

    [Fact]
    public async Task A_taken_name_is_refused_and_the_own_one_in_other_letters_is_not()
    {
        var (spoke, other) = (await hub.EnrolAsync(), await hub.EnrolAsync());

        var refusal = await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { name = other.Name.ToUpperInvariant() });
        refusal.Expect(HttpStatusCode.Conflict, "NAME_IN_USE");
        Assert.Equal(["name"], refusal.Members("errors"));
        (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { name = spoke.Name.ToUpperInvariant() })).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_machine_that_comes_again_with_its_key_begins_anew()
    {
        var spoke = await hub.EnrolAsync();
        hub.Get<LivePeers>().Set(new(WireGuard.PublicKey.Parse(spoke.Key), "life", 5, 5, 5, 5, TimeProvider.System.GetUtcNow(), "203.0.113.5:9"));
        await hub.Operator.DeleteAsync($"/api/spoke/{spoke.Id}");
        var (_, secret, _) = await hub.TokenAsync();

        var answer = (await hub.RegisterAsync(secret, spoke.Key)).Expect(HttpStatusCode.Created);

        Assert.Equal("pending", answer.Text("spoke", "status"));
    }
}
