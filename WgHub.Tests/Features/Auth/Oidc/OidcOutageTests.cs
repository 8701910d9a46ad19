using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using WgHub.TestKit;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Providers that are down, slow, confused, or change their keys.</summary>
public sealed class OidcOutageTests(OidcHub site) : IClassFixture<OidcHub>
{
    private const string Discovery = "/.well-known/openid-configuration";

    [Fact]
    public async Task A_provider_that_is_down_is_said_so_and_asked_again_later()
    {
        await using var idp = await site.AddProviderAsync();
        await idp.StopAsync();
        using var browser = site.NewBrowser();

        Assert.Equal("/signin?error=unavailable&returnUrl=%2Faccount", await browser.StartAsync());
        await idp.ListenAsync(idp.Issuer);
        Assert.StartsWith("/signin?error=unavailable", await browser.StartAsync(), StringComparison.Ordinal); // it has just been asked
        site.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.StartsWith(idp.Issuer, await browser.StartAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_provider_said_last_serves_for_a_day()
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = site.NewBrowser();
        await browser.StartAsync();
        await idp.StopAsync();

        site.Time.Advance(TimeSpan.FromHours(23));
        Assert.StartsWith(idp.Issuer, await browser.StartAsync(), StringComparison.Ordinal);
        site.Time.Advance(TimeSpan.FromHours(2));
        Assert.StartsWith("/signin?error=unavailable", await browser.StartAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_is_asked_about_itself_once_an_hour()
    {
        await using var idp = await site.AddProviderAsync();
        var browsers = Enumerable.Range(0, 10).Select(_ => site.NewBrowser()).ToList();
        await Task.WhenAll(browsers.Select(each => each.StartAsync()));
        browsers.ForEach(each => each.Dispose());
        Assert.Equal(1, idp.Calls(Discovery));
        using var browser = site.NewBrowser();

        site.Time.Advance(TimeSpan.FromMinutes(61));
        await browser.StartAsync();
        Assert.Equal(2, idp.Calls(Discovery));
    }

    [Fact]
    public async Task New_keys_are_found_at_the_next_sign_in()
    {
        await using var idp = await site.AddProviderAsync();
        using var first = await site.SignInAsync(idp);
        idp.Key = SigningKey.NewRsa("RS256", "second");
        using var second = await site.SignInAsync(idp);

        Assert.Equal(2, idp.Calls("/keys"));
    }

    [Fact]
    public async Task A_flood_of_strange_keys_costs_the_provider_one_question_a_minute()
    {
        await using var idp = await site.AddProviderAsync();
        using var known = await site.SignInAsync(idp);
        var stranger = SigningKey.NewEc("strange");
        idp.Tokens = answer => answer["id_token"] = stranger.Token(new JsonObject());
        for (var i = 0; i < 10; i++)
        {
            using var browser = site.NewBrowser();
            Assert.StartsWith("/signin?error=failed", await browser.WhereToAsync(idp.Approve(await browser.StartAsync())), StringComparison.Ordinal);
        }

        Assert.Equal(2, idp.Calls("/keys"));
    }

    [Theory]
    [InlineData(Discovery, 500, "{}", "unavailable", "discovery-document")]
    [InlineData(Discovery, 404, "<html>", "failed", "discovery-document")]
    [InlineData(Discovery, 200, "<html>", "failed", "discovery-document")]
    [InlineData(Discovery, 200, "[]", "failed", "discovery-document")]
    [InlineData(Discovery, 200, "{}", "failed", "discovery-issuer")]
    [InlineData(Discovery, 302, "", "failed", "discovery-document")]
    [InlineData("/keys", 200, "{}", "failed", "key-set")]
    [InlineData("/keys", 503, "", "unavailable", "key-set")]
    [InlineData("/keys", 200, """{"keys":[1,{},{"kty":"oct","k":"AAAA"}],"keys":[]}""", "failed", "key-set")]
    public async Task A_provider_that_says_nothing_sensible_of_itself_is_refused(string path, int status, string body, string code, string reason)
    {
        await using var idp = await site.AddProviderAsync();
        idp.Answers[path] = Answering(status, body);
        using var browser = site.NewBrowser();

        Assert.StartsWith($"/signin?error={code}", await browser.StartAsync(), StringComparison.Ordinal);
        Assert.Contains($"oidc:{reason}", site.LastAudit("signin.failed"), StringComparison.Ordinal);
        Assert.Equal(0, idp.Calls("/elsewhere"));
    }

    [Theory]
    [InlineData("token_endpoint", "ftp://127.0.0.1/token")]
    [InlineData("token_endpoint", "http://id.example.com/token")]
    [InlineData("authorization_endpoint", "javascript:alert(1)")]
    [InlineData("jwks_uri", "https://user:password@id.example.com/keys")]
    [InlineData("jwks_uri", "")]
    [InlineData("token_endpoint", null)]
    public async Task An_address_that_is_not_safe_is_refused(string endpoint, string? address)
    {
        await using var idp = await site.AddProviderAsync();
        idp.Discovery = document =>
        {
            document.Remove(endpoint);
            if (address is not null)
            {
                document[endpoint] = address;
            }
        };
        using var browser = site.NewBrowser();

        Assert.StartsWith("/signin?error=failed", await browser.StartAsync(), StringComparison.Ordinal);
        Assert.Contains("oidc:discovery-endpoint", site.LastAudit("signin.failed"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://id.example.com", "issuer-address")]
    [InlineData("not an address", "issuer-address")]
    [InlineData("https://id.example.com/?tenant=1", "issuer-address")]
    public async Task An_issuer_that_is_not_safe_is_not_asked(string issuer, string reason)
    {
        await using var idp = await site.AddProviderAsync(settings => settings with { Issuer = issuer });
        using var browser = site.NewBrowser();

        Assert.StartsWith("/signin?error=failed", await browser.StartAsync(), StringComparison.Ordinal);
        Assert.Contains($"oidc:{reason}", site.LastAudit("signin.failed"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_elsewhere_leads_to_no_program_on_this_machine()
    {
        Assert.False(ProviderUrl.TryParseNamedBy(new("https://id.example.com"), "http://127.0.0.1:8080/token", out _));
        Assert.True(ProviderUrl.TryParseNamedBy(new("http://localhost:8080"), "http://127.0.0.1:8080/token", out _));
        Assert.True(ProviderUrl.TryParseNamedBy(new("https://id.example.com"), "https://other.example.com/token", out _));
    }

    [Fact]
    public async Task The_issuer_is_compared_to_the_letter()
    {
        await using var idp = await site.AddProviderAsync(settings => settings with { Issuer = settings.Issuer + "/" });
        using var browser = site.NewBrowser();

        Assert.StartsWith("/signin?error=failed", await browser.StartAsync(), StringComparison.Ordinal);
        Assert.Contains("oidc:discovery-issuer", site.LastAudit("signin.failed"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/token", 400, """{"error":"invalid_client"}""", "failed", "token-answer")]
    [InlineData("/token", 500, "{}", "unavailable", "token-answer")]
    [InlineData("/token", 200, "<html>", "failed", "token-answer")]
    [InlineData("/token", 200, "{}", "failed", "token-missing")]
    [InlineData("/token", 200, """{"id_token":7}""", "failed", "token-missing")]
    [InlineData("/token", 200, """{"id_token":"a.b.c"}""", "failed", "token-shape")]
    [InlineData("/token", 307, "", "failed", "token-answer")]
    public async Task A_provider_that_answers_the_hub_badly_lets_nobody_in(string path, int status, string body, string code, string reason)
    {
        await using var idp = await site.AddProviderAsync();
        idp.Answers[path] = Answering(status, body);
        using var browser = site.NewBrowser();

        Assert.StartsWith($"/signin?error={code}", await browser.WhereToAsync(idp.Approve(await browser.StartAsync())), StringComparison.Ordinal);
        Assert.Contains($"oidc:{reason}", site.LastAudit("signin.failed"), StringComparison.Ordinal);
        Assert.Equal(0, idp.Calls("/elsewhere"));
        Assert.Null(browser.Cookie("wghub"));
    }

    [Theory]
    [InlineData("a\r\nX-Injected: 1")]
    [InlineData("\u00e4")]
    [InlineData("")]
    [InlineData("a, b; c")]
    public async Task An_access_token_that_fits_into_no_header_is_not_sent(string token)
    {
        await using var idp = await site.AddProviderAsync();
        idp.Tokens = answer => answer["access_token"] = token;
        using var browser = site.NewBrowser();

        var destination = await browser.WhereToAsync(idp.Approve(await browser.StartAsync()));

        Assert.Equal("/account", destination);
        Assert.Equal(token.Length == 0 ? 1 : 0, idp.Calls("/userinfo"));
    }

    [Fact]
    public async Task An_endless_answer_is_not_read_to_its_end()
    {
        await using var idp = await site.AddProviderAsync();
        idp.Answers["/token"] = Answering(200, $$"""{"id_token":"{{new string('a', 2 * 1024 * 1024)}}"}""");
        using var browser = site.NewBrowser();

        Assert.StartsWith("/signin?error=unavailable", await browser.WhereToAsync(idp.Approve(await browser.StartAsync())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_too_slow_counts_as_down()
    {
        await using var idp = await site.AddProviderAsync();
        idp.Answers["/token"] = context => Task.Delay(TimeSpan.FromSeconds(60), TimeProvider.System, context.RequestAborted);
        using var browser = site.NewBrowser();

        Assert.StartsWith("/signin?error=unavailable", await browser.WhereToAsync(idp.Approve(await browser.StartAsync())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_clock_that_is_ten_minutes_wrong_is_said_so(int minutes)
    {
        await using var idp = await site.AddProviderAsync();
        idp.Claims = claims => claims["iat"] = claims["iat"]!.GetValue<long>() + (minutes * 60);
        using var browser = site.NewBrowser();

        Assert.StartsWith("/signin?error=clock", await browser.WhereToAsync(idp.Approve(await browser.StartAsync())), StringComparison.Ordinal);
        Assert.Contains("clocks", OidcFailure.Sentence(OidcFailure.Clock), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_said_so_and_the_next_sign_in_works()
    {
        await using var disk = await SmallDisk.MountAsync(16);
        await using var full = new OidcHub { Hub = new TestHub { Time = new ManualTime(), Folder = disk.Folder.CreateSubdirectory("data") } };
        await full.InitializeAsync();
        await using var idp = await full.AddProviderAsync();
        idp.Claims = claims => claims["groups"] = "wghub-viewers";
        disk.Fill();
        Answer answer;
        do
        {
            using var browser = full.NewBrowser();
            answer = await browser.GetAsync(idp.Approve(await browser.StartAsync()));
        }
        while (answer.Status == HttpStatusCode.Redirect); // what SQLite has of the disk already is used up first

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains("The disk is full.", answer.Body, StringComparison.Ordinal);
        disk.Free();
        using var later = await full.SignInAsync(idp);
        Assert.True(await later.IsSignedInAsync());
    }

    private static RequestDelegate Answering(int status, string body) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = status is 302 or 307 ? "/elsewhere" : default;
        return context.Response.WriteAsync(body, Cancel);
    };
}
