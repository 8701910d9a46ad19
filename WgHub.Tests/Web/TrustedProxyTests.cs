using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WgHub.Features.Auth.Admin;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>Whose word on a caller's address and scheme is believed. Each address of 127.0.0.0/8 is a caller of its own here.</summary>
public sealed class TrustedProxyTests
{
    private const string Proxy = "127.0.0.2";
    private const string Stranger = "127.0.0.3";

    [Fact]
    public async Task Without_a_trusted_proxy_a_forwarded_address_is_never_believed()
    {
        // The framework's own switch, which would believe everybody.
        Environment.SetEnvironmentVariable("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true");
        await using var hub = new TestHub();
        await hub.InitializeAsync();

        Assert.Equal(Stranger, await AddressSeenAsync(hub, Stranger, "203.0.113.9"));
        Assert.Equal("127.0.0.1", await AddressSeenAsync(hub, "127.0.0.1", "203.0.113.9"));
    }

    [Theory]
    [InlineData(Proxy, "203.0.113.9", "203.0.113.9")]
    [InlineData(Proxy, "198.51.100.7, 203.0.113.9", "203.0.113.9")]     // what the caller wrote himself, then what the proxy saw
    [InlineData(Proxy, "203.0.113.9, 127.0.0.2", Proxy)]
    [InlineData(Proxy, "[2001:db8::9]:4711", "2001:db8::9")]
    [InlineData(Proxy, "nonsense", Proxy)]
    [InlineData(Proxy, "", Proxy)]
    [InlineData(Stranger, "203.0.113.9", Stranger)]
    [InlineData("127.0.0.1", "203.0.113.9", "127.0.0.1")]               // what runs on this machine is not trusted for that
    public async Task A_trusted_proxy_is_believed_for_one_step_and_nobody_else(string from, string forwarded, string seen)
    {
        await using var hub = new TestHub { Settings = { ["Web:TrustedProxies"] = Proxy } };
        await hub.InitializeAsync();

        Assert.Equal(seen, await AddressSeenAsync(hub, from, forwarded));
    }

    [Fact]
    public async Task A_caller_behind_the_proxy_who_makes_addresses_up_has_one_share()
    {
        await using var hub =
            new TestHub { Settings = { ["Web:TrustedProxies"] = "127.0.0.0/30", ["Limits:ScriptsPerMinutePerIp"] = "10" }, Time = new ManualTime() };
        await hub.InitializeAsync();
        var proxy = hub.Client(null, from: Proxy);

        var answers = await Task.WhenAll(Enumerable.Range(1, 30).Select(i =>
            proxy.SendAsync(HttpMethod.Get, $"/i/{new string('A', 43)}", null, ("X-Forwarded-For", $"198.51.100.{i}, 203.0.113.9"))));

        Assert.Equal(10, answers.Count(answer => answer.Status != HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Https_at_the_proxy_is_https_here_and_a_forwarded_host_is_nothing()
    {
        await using var hub = new TestHub { Settings = { ["Web:TrustedProxies"] = Proxy } };
        await hub.InitializeAsync();
        (string, string)[] headers = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "attacker.example"), ("Forwarded", "host=attacker.example")];

        var proxied = await hub.Client(null, from: Proxy).SendAsync(HttpMethod.Get, "/signin", null, headers);
        var direct = await hub.Client(null, from: Stranger).SendAsync(HttpMethod.Get, "/signin", null, headers);

        Assert.True(proxied.Headers.Contains("Cross-Origin-Opener-Policy"));
        Assert.False(direct.Headers.Contains("Cross-Origin-Opener-Policy"));
        Assert.DoesNotContain("attacker", proxied.Body + proxied.Headers.Location, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "", HttpStatusCode.Forbidden, "FORBIDDEN")]
    [InlineData(false, "192.0.2.0/24", HttpStatusCode.Forbidden, "FORBIDDEN")]
    [InlineData(false, "10.0.0.0/8", HttpStatusCode.Unauthorized, "NOT_SIGNED_IN")]
    [InlineData(true, "", HttpStatusCode.Unauthorized, "NOT_SIGNED_IN")]
    public async Task Plain_http_from_another_machine_is_for_the_proxy_alone(bool isInsecure, string proxies, HttpStatusCode status, string code)
    {
        await using var hub = new TestHub { Urls = ["http://0.0.0.0:0"], IsInsecureHttpAllowed = isInsecure, Settings = { ["Web:TrustedProxies"] = proxies } };
        await hub.InitializeAsync();

        // The hub's own address in its network: who calls it there comes from there.
        using var other = new ApiClient($"http://{hub.Address(1)}:{new Uri(hub.Url).Port}", null);

        (await other.GetAsync("/api/spoke/list")).Expect(status, code);
        Assert.Equal(status == HttpStatusCode.Forbidden, (await other.GetAsync("/healthz")).Status == HttpStatusCode.Forbidden);
        (await hub.Nobody.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
    }

    [Fact]
    public void A_proxy_that_nobody_named_is_told_of_once()
    {
        var log = new LogLines();
        var proxies = new TrustedProxies(Options.Create(new WebOptions()), log);
        var request = new Microsoft.AspNetCore.Http.DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse("192.0.2.7") } }.Request;
        proxies.WarnOfUnnamed(request);
        Assert.Empty(log.Lines);

        request.Headers["X-Forwarded-For"] = "203.0.113.9";
        proxies.WarnOfUnnamed(request);
        proxies.WarnOfUnnamed(request);

        Assert.Contains("192.0.2.7", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    /// <summary>The address that the audit log has for a change by such a caller.</summary>
    private static async Task<string?> AddressSeenAsync(TestHub hub, string from, string forwarded)
    {
        var token =
            (await hub.Get<ApiTokenService>().CreateAsync($"caller {from}", Roles.Operator, null, Actor.Cli, TestContext.Current.CancellationToken)).Reveal();
        var answer = await hub.Client(token, from: from).SendAsync(
            HttpMethod.Post, "/api/installation/token", JsonContent.Create(new { spokeName = Enrolling.NewName() }), ("X-Forwarded-For", forwarded));
        answer.Expect(HttpStatusCode.Created);
        return (await hub.Viewer.GetAsync("/api/audit?event=token.created")).At("entries")[0].GetProperty("address").GetString();
    }

    private sealed class LogLines : ILogger<TrustedProxies>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
