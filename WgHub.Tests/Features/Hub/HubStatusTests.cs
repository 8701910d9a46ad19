using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Hub;

public sealed class HubStatusTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task It_is_what_the_interface_says()
    {
        var spoke = await hub.EnrolAsync();
        await Wg.RunAsync($"wg set {hub.Interface} peer {spoke.Key} endpoint 127.0.0.1:4711");

        var answer = (await hub.Viewer.GetAsync("/api/hub/status")).Expect(HttpStatusCode.OK);

        Assert.Equal(["interfaceName", "publicKey", "listenPort", "up", "peers", "drift", "lastPass", "failure"], answer.Members());
        Assert.Equal(["missing", "unknown", "changed"], answer.Members("drift"));
        Assert.Equal((hub.Interface, hub.Port.ToString(), true), (answer.Text("interfaceName"), answer.Text("listenPort"), answer.At("up").GetBoolean()));
        var peer = Assert.Single(answer.At("peers").EnumerateArray(), peer => peer.GetProperty("publicKey").GetString() == spoke.Key);
        Assert.Equal(
            ["publicKey", "endpoint", "allowedIPs", "lastHandshake", "transferRx", "transferTx"], peer.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("127.0.0.1:4711", $"{spoke.Address}/32"), (peer.GetProperty("endpoint").GetString(), peer.GetProperty("allowedIPs")[0].GetString()));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Whether_it_lives_is_told_to_anybody_and_nothing_else(string path) =>
        Assert.Equal("ok", (await hub.Nobody.GetAsync(path)).Expect(HttpStatusCode.OK).Body);

    [Fact]
    public async Task No_answer_holds_the_private_key()
    {
        var secret = (await Wg.RunAsync($"wg show {hub.Interface} private-key")).Trim();

        foreach (var path in new[] { "/api/hub/config", "/api/hub/status", "/api/audit?pageSize=500", "/openapi/v1.json" })
        {
            Assert.DoesNotContain(secret, (await hub.Admin.GetAsync(path)).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        }

        // The one place in clear is the conf file for a boot without us.
        await hub.ReconcileAsync();
        Assert.Contains(secret, await File.ReadAllTextAsync(hub.ConfFile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
