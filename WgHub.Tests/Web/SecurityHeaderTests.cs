using System.Net;
using WgHub.Architecture;
using WgHub.TestKit;

namespace WgHub.Web;

public sealed class SecurityHeaderTests(TestHub hub) : IClassFixture<TestHub>
{
    private static readonly (string Name, string Part)[] Everywhere =
    [
        ("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self';"),
        ("Content-Security-Policy", "frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=()"),
    ];

    [Theory]
    [MemberData(nameof(EndpointTests.Decided), MemberType = typeof(EndpointTests))]
    public async Task Every_answer_of_every_address_has_them(string method, string address, string leastRole)
    {
        Assert.NotEmpty(leastRole);
        foreach (var caller in new[] { hub.Nobody, hub.Viewer, hub.Admin })
        {
            Check(
                await caller.SendAsync(
                    new(method), EndpointTests.Example(address), method is "GET" or "HEAD" ? null : new StringContent("{", null, "application/json")));
        }
    }

    [Theory]
    [InlineData("GET", "/nowhere", null, null, HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/nowhere", null, null, HttpStatusCode.NotFound)]
    [InlineData("TRACE", "/", null, null, HttpStatusCode.Redirect)]
    [InlineData("OPTIONS", "/api/spoke/list", null, null, HttpStatusCode.NotFound)]
    [InlineData("GET", "/", "Host", "attacker.example", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/signin", "Origin", "https://attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/signin", null, null, HttpStatusCode.BadRequest)]
    public async Task So_has_every_refusal(string method, string path, string? header, string? value, HttpStatusCode status)
    {
        var answer = await hub.Nobody.SendAsync(new(method), path, null, header is null ? [] : [(header, value!)]);

        Assert.Equal(status, answer.Status);
        Check(answer);
    }

    [Fact]
    public async Task So_has_the_answer_to_too_many_requests()
    {
        await using var limited = new TestHub { Settings = { ["Limits:ScriptsPerMinutePerIp"] = "1" }, Time = new ManualTime() };
        await limited.InitializeAsync();
        await limited.Nobody.GetAsync("/i/x");
        Check((await limited.Nobody.GetAsync("/i/x")).Expect(HttpStatusCode.TooManyRequests, "RATE_LIMITED"));
    }

    [Fact]
    public async Task An_asset_may_be_cached_and_has_the_rest()
    {
        var asset = await hub.Nobody.GetAsync(Assets.Url("app.css"));

        Assert.Equal("public, max-age=31536000, immutable", asset.Headers.CacheControl?.ToString());
        CheckAll(asset);
    }

    private static void Check(Answer answer)
    {
        CheckAll(answer);
        Assert.True(answer.Headers.CacheControl?.NoStore, $"{answer.Status}: {answer.Headers.CacheControl}");
    }

    private static void CheckAll(Answer answer)
    {
        Assert.All(
            Everywhere,
            header =>
                Assert.Contains(header.Part, answer.Headers.TryGetValues(header.Name, out var values) ? Assert.Single(values) : "", StringComparison.Ordinal));
        Assert.False(answer.Headers.Contains("Server") || answer.Headers.Contains("X-Powered-By"));
    }
}
