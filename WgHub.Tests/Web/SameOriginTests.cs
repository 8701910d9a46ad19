using System.Net;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>A change that another site makes a browser send is refused before anybody looks who that browser is.</summary>
public sealed class SameOriginTests(TestHub hub) : IClassFixture<TestHub>
{
    private const string FetchSite = "Sec-Fetch-Site";
    private const string Origin = "Origin";
    private const string Own = "OWN";

    [Theory]
    [InlineData(FetchSite, "cross-site", true)]
    [InlineData(FetchSite, "same-site", true)]      // a neighbour under the same domain
    [InlineData(FetchSite, "anything", true)]
    [InlineData(FetchSite, "same-origin", false)]
    [InlineData(FetchSite, "none", false)]          // typed into the address bar
    [InlineData(Origin, "https://attacker.example", true)]
    [InlineData(Origin, "null", true)]
    [InlineData(Origin, "http://127.0.0.1", true)]  // another port is another origin
    [InlineData(Origin, Own, false)]
    [InlineData("X-Nothing", "at all", false)]
    public async Task A_change_from_elsewhere_is_refused_to_pages_and_API_alike(string header, string value, bool isRefused)
    {
        value = value == Own ? hub.Url : value;
        foreach (
            var (
                method, path) in new[] { ("POST", "/signin"), ("POST", "/setup"), ("POST", "/tokens"), ("POST", "/api/installation/token"),
                ("PUT", "/api/hub/config"), ("DELETE", "/api/spoke/0") })
        {
            var answer = await hub.Nobody.SendAsync(new(method), path, null, (header, value));

            Assert.True(isRefused == (answer.Status == HttpStatusCode.Forbidden), $"{method} {path}: {answer.Status}");
            Assert.True(!isRefused || answer.Body.Contains("Another site sent this.", StringComparison.Ordinal), answer.Body);
        }
    }

    [Fact]
    public async Task The_browsers_own_word_counts_before_the_origin() =>
        (await hub.Nobody.SendAsync(HttpMethod.Post, "/api/installation/token", null, (FetchSite, "cross-site"), (Origin, hub.Url)))
            .Expect(HttpStatusCode.Forbidden, "FORBIDDEN");

    [Fact]
    public async Task The_public_address_is_an_origin_of_our_own()
    {
        await using var named = new TestHub { Settings = { ["Web:PublicUrl"] = "https://hub.example.com:8443/" } };
        await named.InitializeAsync();

        (await named.Nobody.SendAsync(HttpMethod.Post, "/api/installation/token", null, (Origin, "https://hub.example.com:8443")))
            .Expect(HttpStatusCode.Unauthorized, "NOT_SIGNED_IN");
        (await named.Nobody.SendAsync(HttpMethod.Post, "/api/installation/token", null, (Origin, "https://hub.example.com")))
            .Expect(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    [Fact]
    public async Task A_link_from_elsewhere_is_followed() =>
        (await hub.Nobody.SendAsync(HttpMethod.Get, "/signin", null, (FetchSite, "cross-site"))).Expect(HttpStatusCode.Redirect);

    [Fact]
    public async Task A_token_on_the_API_proves_that_the_caller_means_it_and_a_spokes_call_brings_its_own_proof()
    {
        (await hub.Admin.SendAsync(HttpMethod.Delete, "/api/spoke/0", null, (FetchSite, "cross-site"))).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
        (await hub.Admin.SendAsync(HttpMethod.Post, "/tokens", null, (FetchSite, "cross-site"))).Expect(HttpStatusCode.Forbidden);
        foreach (var path in new[] { "/api/spoke/register", "/api/spoke/unregister", "/api/spoke/rotate", "/api/spoke/rotate/finish" })
        {
            (await hub.Nobody.SendAsync(HttpMethod.Post, path, new StringContent("{}", null, "application/json"), (FetchSite, "cross-site")))
                .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        }
    }
}
