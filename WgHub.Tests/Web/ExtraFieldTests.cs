using System.Net;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>Who sends fields that a call does not have gets no more by them than without.</summary>
public sealed class ExtraFieldTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task A_spoke_is_what_its_token_says()
    {
        var name = Enrolling.NewName();
        var (_, token, address) = await hub.TokenAsync(name);
        var key = Wg.NewKey();

        var answer = (await hub.Nobody.PostAsync(
            "/api/spoke/register",
            new
            {
                token,
                publicKey = key,
                os = "linux",
                id = "1",
                name = "root",
                spokeName = "root",
                allowedIPs = new[] { "0.0.0.0/0" },
                address = "10.0.0.1",
                presharedKey = Wg.NewKey(),
                role = "admin"
            }))
                .Expect(HttpStatusCode.Created);

        Assert.Equal(name, answer.Text("spoke", "name"));
        Assert.Equal($"{address}/32", (await Wg.PeersAsync(hub.Interface))[key]);
    }

    [Fact]
    public async Task A_change_of_a_spoke_reaches_its_own_fields_alone()
    {
        var (spoke, other) = (await hub.EnrolAsync(), await hub.EnrolAsync());
        var before = await Wg.PeersAsync(hub.Interface);

        var answer = (await hub.Operator.PatchAsync(
            $"/api/spoke/{spoke.Id}",
            new
            {
                notes = "x",
                id = other.Id,
                publicKey = Wg.NewKey(),
                allowedIPs = new[] { "0.0.0.0/0" },
                address = other.Address,
                status = "active",
                registeredAt = "2020-01-01T00:00:00Z",
                role = "admin"
            }))
                .Expect(HttpStatusCode.OK);

        Assert.Equal((spoke.Id, spoke.Key, "pending", "x"), (answer.Text("id"), answer.Text("publicKey"), answer.Text("status"), answer.Text("notes")));
        Assert.Equal("", (await hub.Viewer.GetAsync($"/api/spoke/{other.Id}")).Text("notes"));
        Assert.Equal(before, await Wg.PeersAsync(hub.Interface));
    }

    [Fact]
    public async Task Nobody_chooses_a_tokens_secret_or_state()
    {
        var secret = new string('A', 43);

        var answer = (await hub.Operator.PostAsync(
            "/api/installation/token", new { spokeName = Enrolling.NewName(), id = "1", token = secret, tokenHash = secret, used = true, state = "used", role = "admin" })).Expect(HttpStatusCode.Created);

        Assert.Equal("pending", answer.Text("token", "state"));
        Assert.NotEqual("1", answer.Text("token", "id"));
        (await hub.RegisterAsync(secret, Wg.NewKey())).Expect(HttpStatusCode.NotFound, "TOKEN_NOT_FOUND");
    }

    [Fact]
    public async Task The_hubs_key_and_interface_are_nobodys_to_set()
    {
        var key = await Wg.RunAsync($"wg show {hub.Interface} private-key");

        var answer = (await hub.Admin.PutAsync(
            "/api/hub/config", new { mtu = 1400, privateKey = Wg.NewKey(), publicKey = Wg.NewKey(), interfaceName = "eth0", postUp = "id", configDirectory = "/tmp" })).Expect(HttpStatusCode.OK);

        Assert.Equal(key, await Wg.RunAsync($"wg show {hub.Interface} private-key"));
        Assert.Equal("1400", answer.Text("mtu"));
        Assert.DoesNotContain("eth0", (await hub.Viewer.GetAsync("/api/hub/config")).Body, StringComparison.Ordinal);
    }
}
