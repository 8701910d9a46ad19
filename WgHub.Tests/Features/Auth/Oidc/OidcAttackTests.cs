using System.Net;
using System.Text.Json.Nodes;
using WgHub.Features.Audit;
using WgHub.TestKit;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Answers that were not meant for this browser, this hub, or this time.</summary>
public sealed class OidcAttackTests(OidcHub site) : IClassFixture<OidcHub>
{
    private const string Failed = "/signin?error=failed";

    [Fact]
    public async Task An_answer_is_taken_once_by_the_browser_that_asked()
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = site.NewBrowser();
        using var other = site.NewBrowser();
        var answer = idp.Approve(await browser.StartAsync());
        var cookie = browser.Cookie("wghub-oidc")!;

        Assert.Equal(Failed, await other.WhereToAsync(answer));
        Assert.Equal("/account", await browser.WhereToAsync(answer));
        Assert.Equal(Failed, await browser.WhereToAsync(answer));
        other.SetCookie("wghub-oidc", cookie);
        Assert.Equal(Failed, await other.WhereToAsync(answer));
        Assert.Null(other.Cookie("wghub"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?error=access_denied")]
    [InlineData("?code=x&state=y")]
    [InlineData("?code=x&state=")]
    [InlineData("?state=a&state=b&code=c")]
    [InlineData("?error=%0d%0aSet-Cookie:x=1&state=%00")]
    public async Task An_answer_out_of_the_blue_leaves_no_trace_in_the_database(string query)
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = site.NewBrowser();
        await browser.StartAsync();
        var before = site.Hub.Get<AuditLog>().List(new(null, null, null, null, null), Web.Paging.From(1, 1)).Total;

        Assert.Equal(Failed, await browser.WhereToAsync(OidcEndpoints.CallbackPath + query));
        Assert.Equal(before, site.Hub.Get<AuditLog>().List(new(null, null, null, null, null), Web.Paging.From(1, 1)).Total);
        Assert.NotNull(browser.Cookie("wghub-oidc")); // and the sign-in that goes on is not disturbed
    }

    [Fact]
    public async Task A_cookie_that_was_made_up_or_belongs_to_something_else_is_none()
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = site.NewBrowser();
        var answer = idp.Approve(await browser.StartAsync());
        foreach (var cookie in new[] { "x", new string('A', 3000), browser.Cookie("wghub-af")!, "%00" })
        {
            using var other = site.NewBrowser();
            other.SetCookie("wghub-oidc", cookie);
            Assert.Equal(Failed, await other.WhereToAsync(answer));
        }
    }

    [Fact]
    public async Task Whoever_takes_too_long_begins_again()
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = site.NewBrowser();
        var answer = idp.Approve(await browser.StartAsync());
        site.Time.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(Failed, await browser.WhereToAsync(answer));
    }

    [Theory]
    [InlineData("code=", "denied", "error=access_denied&code=", "denied")]
    [InlineData("code=", "failed", "error=login_required%0a&code=", "answer-error")]
    [InlineData("code=", "failed", "other=", "answer-code")]
    [InlineData("code=", "failed", "code=a&code=", "answer-code")]
    [InlineData("code=", "failed", "code=not-ours-", "token-answer")]
    [InlineData("&iss=", "failed", "&iss=https%3A%2F%2Fevil.example&x=", "answer-issuer")]
    [InlineData("&iss=", "failed", "&x=", "answer-issuer")]
    [InlineData("&iss=", "failed", "&iss=a&iss=", "answer-issuer")]
    public async Task An_answer_that_is_not_right_tells_its_reason(string part, string code, string instead, string reason)
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = site.NewBrowser();
        var answer = idp.Approve(await browser.StartAsync());

        Assert.Equal($"/signin?error={code}&returnUrl=%2Faccount", await browser.WhereToAsync(answer.Replace(part, instead, StringComparison.Ordinal)));
        Assert.Contains($"oidc:{reason}", site.LastAudit("signin.failed"), StringComparison.Ordinal);
        Assert.Null(browser.Cookie("wghub"));
    }

    [Fact]
    public async Task An_oversized_answer_is_refused()
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = site.NewBrowser();
        var answer = idp.Approve(await browser.StartAsync());

        Assert.Equal(HttpStatusCode.RequestUriTooLong, (await browser.GetAsync(answer + new string('a', 10_000))).Status);
        Assert.StartsWith(
            Failed, await browser.WhereToAsync(answer.Replace("code=", "code=" + new string('a', 5_000), StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_begun_under_other_settings_is_refused()
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = site.NewBrowser();
        var answer = idp.Approve(await browser.StartAsync());
        await site.SetAsync(idp, settings => settings with { AdminValues = ["others"] });

        Assert.StartsWith(Failed, await browser.WhereToAsync(answer), StringComparison.Ordinal);
        Assert.Contains("oidc:settings-changed", site.LastAudit("signin.failed"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonce", "another", "token-nonce")]
    [InlineData("iss", "https://evil.example", "token-issuer")]
    [InlineData("aud", "other", "token-audience")]
    public async Task A_token_of_another_sign_in_is_refused(string claim, string value, string reason)
    {
        await using var idp = await site.AddProviderAsync();
        idp.Claims = claims => claims[claim] = value;
        using var browser = site.NewBrowser();

        Assert.StartsWith(Failed, await browser.WhereToAsync(idp.Approve(await browser.StartAsync())), StringComparison.Ordinal);
        Assert.Contains($"oidc:{reason}", site.LastAudit("signin.failed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_user_info_of_somebody_else_is_refused()
    {
        await using var idp = await site.AddProviderAsync();
        idp.UserInfo = new() { ["sub"] = "eve", ["groups"] = new JsonArray("wghub-admins") };
        using var browser = site.NewBrowser();

        Assert.StartsWith(Failed, await browser.WhereToAsync(idp.Approve(await browser.StartAsync())), StringComparison.Ordinal);
        Assert.Null(site.FindUser(idp));
    }

    [Fact]
    public async Task A_start_from_another_site_is_refused()
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = site.NewBrowser();
        await browser.FormTokenAsync("/signin");

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(OidcEndpoints.StartPath, ("returnUrl", "/"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(OidcEndpoints.StartPath, ("__RequestVerificationToken", "made up"))).Status);
    }

    [Fact]
    public async Task A_provider_that_is_not_offered_signs_nobody_in()
    {
        await using var idp = await site.AddProviderAsync(settings => settings with { OidcEnabled = false });
        using var browser = site.NewBrowser();

        Assert.StartsWith(Failed, await browser.StartAsync(), StringComparison.Ordinal);
        Assert.Equal(0, idp.Calls("/.well-known/openid-configuration"));
    }

    [Fact]
    public async Task One_address_begins_so_many_sign_ins_and_no_more()
    {
        await using var other =
            new OidcHub { Hub = new TestHub { Time = new ManualTime(), Settings = { ["Limits:ProviderSignInsPerTenMinutesPerIp"] = "2" } } };
        await other.InitializeAsync();
        await using var idp = await other.AddProviderAsync();
        using var browser = other.NewBrowser();

        await browser.StartAsync();
        await browser.StartAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.StartRawAsync()).Status);
    }
}
