using System.Net;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>A page of somebody else's that leads a browser here under its own name (DNS rebinding) gets nothing.</summary>
public sealed class AllowedHostsTests(NamedHub named) : IClassFixture<NamedHub>
{
    [Theory]
    [InlineData("attacker.example")]
    [InlineData("attacker.example:8080")]
    [InlineData("hub.example.net.attacker.example")]
    [InlineData("127.0.0.1.attacker.example")]
    [InlineData("127.0.0.1.")]
    [InlineData("localhost.")]
    [InlineData("a.localhost")]
    [InlineData("example.com")]
    public async Task Another_name_is_refused_everywhere_with_the_setting_that_would_allow_it(string host)
    {
        foreach (var path in new[] { "/", "/signin", "/setup", "/healthz", "/readyz", "/a/x.css", "/nowhere" })
        {
            var page = await named.Hub.Admin.SendAsync(HttpMethod.Get, path, null, ("Host", host));
            Assert.Equal((HttpStatusCode.BadRequest, "text/html"), (page.Status, page.ContentType));
            Assert.Contains("Web:AllowedHosts", page.Body, StringComparison.Ordinal);
        }

        var answer =
            (await named.Hub.Admin.SendAsync(HttpMethod.Get, "/api/spoke/list", null, ("Host", host))).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        Assert.Contains("Web:AllowedHosts", answer.Text("error"), StringComparison.Ordinal);
        Assert.DoesNotContain("attacker", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:8080")]
    [InlineData("LOCALHOST")]
    [InlineData("127.0.0.1")]
    [InlineData("203.0.113.5:8443")]
    [InlineData("[::1]:8080")]
    [InlineData("[2001:db8::1]")]
    [InlineData("portal.example.net")]      // Web:PublicUrl
    [InlineData("hub.example.net")]         // Web:AllowedHosts
    [InlineData("Wg.Example.org:443")]
    [InlineData("vpn.example.com")]         // where spokes reach it
    public async Task An_address_and_the_hubs_own_names_are_answered(string host) =>
        (await named.Hub.Viewer.SendAsync(HttpMethod.Get, "/api/spoke/list", null, ("Host", host))).Expect(HttpStatusCode.OK);

    [Fact]
    public async Task The_machines_own_name_is_answered() =>
        (await named.Hub.Viewer.SendAsync(HttpMethod.Get, "/api/spoke/list", null, ("Host", Environment.MachineName))).Expect(HttpStatusCode.OK);

    [Fact]
    public async Task A_new_public_endpoint_is_answered_from_then_on()
    {
        await using var hub = new TestHub();
        await hub.InitializeAsync();
        (await hub.Viewer.SendAsync(HttpMethod.Get, "/api/spoke/list", null, ("Host", "new.example.com")))
            .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        (await hub.Admin.PutAsync("/api/hub/config", new { publicEndpoint = "new.example.com:51820" })).Expect(HttpStatusCode.OK);

        (await hub.Viewer.SendAsync(HttpMethod.Get, "/api/spoke/list", null, ("Host", "new.example.com"))).Expect(HttpStatusCode.OK);
    }
}

/// <summary>A hub with names of its own.</summary>
public sealed class NamedHub : IAsyncLifetime
{
    internal TestHub Hub { get; } =
        new() { Settings = { ["Web:PublicUrl"] = "https://portal.example.net", ["Web:AllowedHosts"] = "hub.example.net, wg.example.org" } };

    public ValueTask InitializeAsync() => Hub.InitializeAsync();

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
