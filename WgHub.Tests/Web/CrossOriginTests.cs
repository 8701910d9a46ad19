using System.Net;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>Scripts of other sites: those of listed ones may call the API with a token, and nothing else.</summary>
public sealed class CrossOriginTests
{
    private const string Portal = "https://portal.example.com";
    private const string Allowed = "Access-Control-Allow-Origin";

    [Fact]
    public async Task Nobody_is_let_in_unless_listed()
    {
        await using var hub = new TestHub();
        await hub.InitializeAsync();

        Assert.DoesNotContain((await PreflightAsync(hub, Portal)).Headers, IsCors);
        Assert.DoesNotContain((await GetAsync(hub.Viewer, "/api/spoke/list", Portal)).Headers, IsCors);
    }

    [Fact]
    public async Task A_listed_site_may_call_the_API_with_a_token_and_never_with_a_cookie()
    {
        await using var hub = new TestHub { Settings = { ["Web:CorsOrigins"] = $"https://other.example.com, {Portal}" } };
        await hub.InitializeAsync();

        var preflight = (await PreflightAsync(hub, Portal)).Expect(HttpStatusCode.NoContent);
        Assert.Equal([Portal], preflight.Headers.GetValues(Allowed));
        Assert.Contains("Authorization", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.OrdinalIgnoreCase);
        var answers =
            new[] { await GetAsync(hub.Viewer, "/api/spoke/list", Portal),
                (await GetAsync(hub.Nobody, "/api/spoke/list", Portal)).Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN") };

        Assert.All(answers, answer => Assert.Equal([Portal], answer.Headers.GetValues(Allowed)));
        Assert.All(answers.Append(preflight), answer => Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials")));
    }

    [Theory]
    [InlineData("https://attacker.example", "/api/spoke/list")]
    [InlineData("http://portal.example.com", "/api/spoke/list")]
    [InlineData("https://portal.example.com.attacker.example", "/api/spoke/list")]
    [InlineData("null", "/api/spoke/list")]
    [InlineData(Portal, "/signin")]
    [InlineData(Portal, "/spokes")]
    public async Task Another_site_and_the_pages_stay_closed(string origin, string path)
    {
        await using var hub = new TestHub { Settings = { ["Web:CorsOrigins"] = Portal } };
        await hub.InitializeAsync();

        Assert.DoesNotContain((await GetAsync(hub.Viewer, path, origin)).Headers, IsCors);
        Assert.DoesNotContain((await PreflightAsync(hub, origin, path)).Headers, header => header.Key == Allowed);
    }

    private static Task<Answer> GetAsync(ApiClient caller, string path, string origin) =>
        caller.SendAsync(HttpMethod.Get, path, null, ("Origin", origin), ("Sec-Fetch-Site", "cross-site"));

    private static Task<Answer> PreflightAsync(TestHub hub, string origin, string path = "/api/installation/token") =>
        hub.Nobody.SendAsync(
            HttpMethod.Options, path, null, ("Origin", origin), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,content-type"));

    private static bool IsCors(KeyValuePair<string, IEnumerable<string>> header) => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase);
}
