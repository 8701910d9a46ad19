using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Tls;

/// <summary>Plain listeners beside https: one for the network, one for this machine.</summary>
public sealed class PlainHttpTests : HubTest
{
    private protected override TestHub Make() => new() { Urls = ["https://127.0.0.1:0", "http://0.0.0.0:0", "http://[::1]:0"], IsSetUp = false };

    private string HttpsPort => $"{new Uri(Hub.Url).Port}";

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/spokes?q=a%20b")]
    [InlineData("POST", "/api/spoke/register")]
    [InlineData("GET", "/healthz")]
    [InlineData("GET", "/.well-known/acme-challengeX")]
    public async Task The_one_for_the_network_leads_to_https_whatever_is_asked(string method, string path)
    {
        using var plain = new ApiClient(Hub.UrlOf("http:")!, null);

        var answer = await plain.SendAsync(new(method), path, null, ("Host", "127.0.0.1"));

        answer.Expect(HttpStatusCode.PermanentRedirect);
        Assert.Equal($"https://127.0.0.1:{HttpsPort}{path}", answer.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/spokes?q=a%20b")]
    [InlineData("/tools/wghub/spokes?q=a%20b")]
    public async Task It_leads_to_the_path_that_the_hub_is_below(string asked)
    {
        await using var below = new TestHub
        {
            Urls = ["https://127.0.0.1:0", "http://0.0.0.0:0"],
            IsSetUp = false,
            Settings = { ["Web:PublicUrl"] = "https://example.com/tools/wghub" },
        };
        await below.InitializeAsync();
        using var plain = new ApiClient(below.UrlOf("http:")!, null);

        Assert.Equal("https://example.com/tools/wghub/spokes?q=a%20b", (await plain.GetAsync(asked)).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_token_in_the_clear_opens_nothing()
    {
        using var plain = new ApiClient(Hub.UrlOf("http:")!, "wgh_00000000000000000000000000000000_000000");

        (await plain.GetAsync("/api/hub/config")).Expect(HttpStatusCode.PermanentRedirect);
    }

    [Fact]
    public async Task An_authority_is_answered_there()
    {
        using var plain = new ApiClient(Hub.UrlOf("http:")!, null);

        var answer = (await plain.GetAsync("/.well-known/acme-challenge/unknown")).Expect(HttpStatusCode.NotFound);
        Assert.Contains("href=\"/a/app.", answer.Body, StringComparison.Ordinal); // what is drawn with lies where it ever lies
    }

    [Fact]
    public async Task A_Host_that_is_none_leads_nowhere()
    {
        using var plain = new ApiClient(Hub.UrlOf("http:")!, null);

        var answer = await plain.SendAsync(HttpMethod.Get, "/", null, ("Host", "a b"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task The_one_for_this_machine_serves()
    {
        using var local = new ApiClient(Hub.UrlOf("http://[::1]")!, null);

        (await local.GetAsync("/healthz")).Expect(HttpStatusCode.OK);
    }
}
