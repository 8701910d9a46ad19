using System.Net;
using System.Text.Json.Nodes;
using System.Web;
using WgHub.Features.Auth.Accounts;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Signing in by a provider that keeps to the standards.</summary>
public sealed class OidcSignInTests(OidcHub site) : IClassFixture<OidcHub>
{
    [Fact]
    public async Task Somebody_signs_in_and_out_here_and_at_the_provider()
    {
        await using var idp = await site.AddProviderAsync();
        idp.Claims = claims => claims["groups"] = new JsonArray("wghub-operators");
        using var browser = await site.SignInAsync(idp);

        Assert.True(await browser.IsSignedInAsync());
        Assert.Equal(("ada", Roles.Operator), (site.FindUser(idp)!.Name, site.FindUser(idp)!.Role));
        Assert.Contains("oidc", site.LastAudit("signin.succeeded"), StringComparison.Ordinal);

        var page = (await browser.PostAsync("/signout", ("__RequestVerificationToken", await browser.FormTokenAsync("/signout"))))
            .Expect(HttpStatusCode.OK)
            .Body;
        var leave = HttpUtility.ParseQueryString(new Uri(HttpUtility.HtmlDecode(page.Split("content=\"0;url=")[1].Split('"')[0])).Query);
        Assert.Equal((FakeIdp.ClientId, $"{site.Hub.Url}/signout-callback-oidc"), (leave["client_id"], leave["post_logout_redirect_uri"]));
        Assert.Equal(3, leave["id_token_hint"]!.Split('.').Length);
        Assert.False(await browser.IsSignedInAsync());
        Assert.Equal("/signin", await browser.WhereToAsync("/signout-callback-oidc"));
    }

    [Fact]
    public async Task Signing_out_works_while_the_provider_is_down()
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = await site.SignInAsync(idp);
        await idp.StopAsync();
        site.Time.Advance(TimeSpan.FromHours(7));

        Assert.NotEqual(
            HttpStatusCode.InternalServerError,
            (await browser.PostAsync("/signout", ("__RequestVerificationToken", await browser.FormTokenAsync("/signout")))).Status);
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Signing_out_leads_to_no_provider_that_is_another_by_now()
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = await site.SignInAsync(idp);
        await using var next = await site.AddProviderAsync();

        Assert.Equal(
            HttpStatusCode.Redirect, (await browser.PostAsync("/signout", ("__RequestVerificationToken", await browser.FormTokenAsync("/signout")))).Status);
        Assert.False(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("basic", "wghub / " + FakeIdp.Secret)]
    [InlineData("post", "wghub + " + FakeIdp.Secret)]
    [InlineData("none", "wghub + ")]
    [InlineData("auto", "wghub / " + FakeIdp.Secret)]
    public async Task The_client_proves_itself_as_the_settings_say(string way, string proof)
    {
        await using var idp = await site.AddProviderAsync(settings => settings with { TokenAuth = way });
        using var browser = await site.SignInAsync(idp);

        Assert.Equal(proof, idp.Proof);
    }

    [Fact]
    public async Task A_public_client_sends_no_secret()
    {
        await using var idp = await site.AddProviderAsync(settings => settings with { ClientSecret = null });
        using var browser = await site.SignInAsync(idp);

        Assert.Equal("wghub + ", idp.Proof);
    }

    [Fact]
    public async Task Nothing_of_it_is_in_the_address_but_what_must_be()
    {
        await using var idp = await site.AddProviderAsync(settings => settings with { Scopes = "email openid" });
        using var browser = site.NewBrowser();
        var query = HttpUtility.ParseQueryString(new Uri(await browser.StartAsync()).Query);

        Assert.Equal(
            ["client_id", "code_challenge", "code_challenge_method", "nonce", "redirect_uri", "response_type", "scope", "state", "tenant"],
            query.AllKeys.Order(StringComparer.Ordinal));
        Assert.Equal("openid email", query["scope"]);
        Assert.DoesNotContain(query["nonce"]!, browser.Cookie("wghub-oidc"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["wghub-admins"]""", Roles.Admin)]
    [InlineData("""["wghub-viewers", "wghub-admins", "others"]""", Roles.Admin)]
    [InlineData("\"wghub-operators\"", Roles.Operator)]
    [InlineData("""["wghub-admins-not", "not-wghub-admins", "WGHUB-ADMINS", " wghub-admins"]""", User.NoRole)]
    [InlineData("\"wghub-admins wghub-viewers\"", User.NoRole)]
    [InlineData("""[["wghub-admins"], {"wghub-admins": 1}, 7, null]""", User.NoRole)]
    [InlineData("""{"wghub-admins": {"1": "corp.example"}, "others": {}}""", Roles.Admin)]
    [InlineData("""{"wghub-admins": false, "wghub-viewers": {}}""", Roles.Viewer)]
    [InlineData("""[{"id": 1, "name": "wghub-operators"}, {"name": 7}, {"id": "wghub-admins"}]""", Roles.Operator)]
    [InlineData("""{"name": "wghub-viewers"}""", Roles.Viewer)]
    public async Task The_role_is_that_of_the_groups_to_the_letter(string groups, string role)
    {
        await using var idp = await site.AddProviderAsync();
        idp.Claims = claims => claims["groups"] = JsonNode.Parse(groups);
        using var browser = await site.SignInAsync(idp);

        Assert.Equal(role, site.FindUser(idp)!.Role);
    }

    [Fact]
    public async Task Groups_that_the_user_info_alone_tells_count_too()
    {
        await using var idp = await site.AddProviderAsync();
        idp.UserInfo["groups"] = new JsonArray("wghub-viewers");
        using var browser = await site.SignInAsync(idp);

        Assert.Equal(Roles.Viewer, site.FindUser(idp)!.Role);
    }

    [Fact]
    public async Task Whoever_has_no_role_is_told_so_on_every_page_and_can_sign_out()
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = await site.SignInAsync(idp);

        foreach (var page in new[] { "/", "/spokes", "/tokens", "/settings" })
        {
            var answer = await browser.GetAsync(page);
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
            Assert.Contains("your account has no role here", answer.Body, StringComparison.Ordinal);
            Assert.Contains("href=\"/signout\"", answer.Body, StringComparison.Ordinal);
        }

        (await browser.GetAsync("/api/spoke/list")).Expect(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await browser.GetAsync("/signout")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Name_and_role_follow_the_provider_at_the_next_sign_in()
    {
        await using var idp = await site.AddProviderAsync();
        idp.Claims = claims => claims["groups"] = "wghub-admins";
        using var before = await site.SignInAsync(idp);
        var id = site.FindUser(idp)!.Id;
        idp.Claims = claims => (claims["groups"], claims["preferred_username"]) = ("wghub-viewers", "ada l");
        using var after = await site.SignInAsync(idp);

        Assert.Equal(new User(id, "ada l", Roles.Viewer, true, idp.Issuer), site.FindUser(idp));
        Assert.Contains("\"roleBefore\":\"admin\"", site.LastAudit("user.changed"), StringComparison.Ordinal);
        (await before.GetAsync("/tokens/x/progress")).Expect(HttpStatusCode.NotFound);
        Assert.NotEqual(before.Cookie("wghub"), after.Cookie("wghub"));
    }

    [Theory]
    [InlineData("preferred_username", "ev\u202eil\u0000\n<b>", "evilb")]
    [InlineData("email", "ada@example.com", "ada@example.com")]
    [InlineData("name", "ignored", "ada-1")]
    [InlineData("preferred_username", "\u200b", "ada-1")]
    public async Task The_name_is_printable(string claim, string value, string name)
    {
        await using var idp = await site.AddProviderAsync();
        idp.Claims = claims =>
        {
            claims.Remove("preferred_username");
            claims[claim] = value;
        };
        using var browser = await site.SignInAsync(idp);

        Assert.Equal(name, site.FindUser(idp)!.Name);
    }

    [Fact]
    public async Task The_same_subject_of_two_providers_is_two_accounts()
    {
        await using var first = await site.AddProviderAsync();
        first.Claims = claims => claims["groups"] = "wghub-admins";
        using var browser = await site.SignInAsync(first);
        await using var second = await site.AddProviderAsync();
        using var other = await site.SignInAsync(second);

        Assert.Equal((Roles.Admin, User.NoRole), (site.FindUser(first)!.Role, site.FindUser(second)!.Role));
    }

    [Fact]
    public async Task An_account_of_the_provider_is_no_local_account_of_that_name()
    {
        await using var idp = await site.AddProviderAsync();
        idp.Claims = claims => claims["preferred_username"] = "root";
        using var browser = await site.SignInAsync(idp);

        Assert.False(await browser.IsSignedInAsync());
        Assert.Equal("oidc:root", site.FindUser(idp)!.ActorName);
        using var local = await site.SignInLocallyAsync();
        Assert.True(await local.IsSignedInAsync());
    }

    [Fact]
    public async Task An_account_that_is_switched_off_stays_outside()
    {
        await using var idp = await site.AddProviderAsync();
        using var before = await site.SignInAsync(idp);
        await site.Hub.Database.WriteAsync(db => site.Hub.Get<UserStore>().Disable(db, site.FindUser(idp)!), TestContext.Current.CancellationToken);
        using var browser = site.NewBrowser();

        Assert.StartsWith("/signin?error=disabled", await browser.WhereToAsync(idp.Approve(await browser.StartAsync())), StringComparison.Ordinal);
        Assert.Null(browser.Cookie("wghub"));
        Assert.Contains("oidc:disabled", site.LastAudit("signin.failed"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/spokes?q=a", "/spokes?q=a")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a\r\nSet-Cookie: x=1", "/")]
    public async Task The_way_back_leads_nowhere_else(string wanted, string destination)
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = site.NewBrowser();

        Assert.Equal(destination, await browser.WhereToAsync(idp.Approve(await browser.StartAsync(wanted))));
    }

    [Theory]
    [InlineData("https://vpn.example.com")]
    [InlineData("https://example.com/tools/wghub")]
    public async Task The_public_address_is_that_of_the_setting_whatever_the_Host_header_says(string setting)
    {
        await using var other = new OidcHub { Hub = new TestHub { Time = new ManualTime(), Settings = { ["Web:PublicUrl"] = setting } } };
        await other.InitializeAsync();
        await using var idp = await other.AddProviderAsync();
        using var browser = other.NewBrowser();

        Assert.Contains($"redirect_uri={Uri.EscapeDataString($"{setting}/signin-oidc")}", await browser.StartAsync(), StringComparison.Ordinal);
    }
}
