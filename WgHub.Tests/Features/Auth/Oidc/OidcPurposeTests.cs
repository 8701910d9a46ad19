using WgHub.Features.Auth.Accounts;
using WgHub.Web;

namespace WgHub.Features.Auth.Oidc;

/// <summary>The provider is asked for something else than a sign-in.</summary>
public sealed class OidcPurposeTests(OidcHub site) : IClassFixture<OidcHub>
{
    private const string SettingsPage = "/settings/sign-in";

    [Fact]
    public async Task A_test_tells_what_would_be_and_signs_nobody_in()
    {
        await using var idp = await site.AddProviderAsync(settings => settings with { OidcEnabled = false });
        idp.Claims = claims => claims["groups"] = "wghub-operators";
        using var admin = await site.SignInLocallyAsync();
        var session = admin.Cookie("wghub");

        Assert.Equal(SettingsPage, await admin.WhereToAsync(idp.Approve(await admin.ChallengeAsync(OidcPurpose.Test, SettingsPage))));

        var outcome = Outcome(session!);
        Assert.True(outcome.Succeeded);
        Assert.Equal(("ada", Roles.Operator), (outcome.Name, outcome.Role));
        Assert.Equal(["wghub-operators"], outcome.RoleValues);
        Assert.Contains("preferred_username", outcome.ClaimNames);
        Assert.Equal(session, admin.Cookie("wghub"));
        Assert.Null(site.FindUser(idp));
        Assert.True(site.Settings.IsTested);
        site.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Null(site.Hub.Get<OidcTestOutcomes>().Find(SessionOf(session!)));
    }

    [Fact]
    public async Task A_test_that_fails_says_what_exactly_is_wrong()
    {
        await using var idp = await site.AddProviderAsync(settings => settings with { Issuer = settings.Issuer + "/" });
        using var admin = await site.SignInLocallyAsync();

        Assert.Equal(SettingsPage, await admin.ChallengeAsync(OidcPurpose.Test, SettingsPage));

        Assert.Equal(
            $"The provider calls itself '{idp.Issuer}', the setting is '{idp.Issuer}/'. They must be equal to the letter.", Outcome(admin.Cookie("wghub")!).Problem);
        Assert.False(site.Settings.IsTested);
    }

    [Fact]
    public async Task A_test_of_settings_that_have_changed_since_proves_nothing()
    {
        await using var idp = await site.AddProviderAsync();
        using var admin = await site.SignInLocallyAsync();
        var answer = idp.Approve(await admin.ChallengeAsync(OidcPurpose.Test, SettingsPage));
        await site.SetAsync(idp, settings => settings with { AdminValues = ["everybody"] });

        Assert.Equal(SettingsPage, await admin.WhereToAsync(answer));
        Assert.False(site.Settings.IsTested);
        Assert.False(Outcome(admin.Cookie("wghub")!).Succeeded);
    }

    [Fact]
    public async Task A_test_asks_the_provider_anew_whatever_it_said_before()
    {
        await using var idp = await site.AddProviderAsync();
        await idp.StopAsync();
        using var admin = await site.SignInLocallyAsync();
        await admin.ChallengeAsync(OidcPurpose.Test, SettingsPage);
        await idp.ListenAsync(idp.Issuer);

        Assert.StartsWith(idp.Issuer, await admin.ChallengeAsync(OidcPurpose.Test, SettingsPage), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_of_a_test_is_taken_by_the_session_that_began_it_alone()
    {
        await using var idp = await site.AddProviderAsync();
        using var admin = await site.SignInLocallyAsync();
        var answer = idp.Approve(await admin.ChallengeAsync(OidcPurpose.Test, SettingsPage));
        using var other = await site.SignInLocallyAsync();
        admin.SetCookie("wghub", other.Cookie("wghub")!);

        Assert.Equal("/signin?error=failed", await admin.WhereToAsync(answer));
        Assert.False(site.Settings.IsTested);
    }

    [Theory]
    [InlineData(nameof(OidcPurpose.Test))]
    [InlineData(nameof(OidcPurpose.Confirm))]
    public async Task Nobody_tests_or_confirms_without_a_session(string purpose)
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = site.NewBrowser();

        Assert.Equal(WebErrors.NotSignedIn, (await Assert.ThrowsAsync<AppException>(() => browser.ChallengeAsync(Enum.Parse<OidcPurpose>(purpose), "/"))).Code);
    }

    [Fact]
    public async Task Who_proves_it_anew_at_the_provider_has_confirmed()
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = await site.SignInAsync(idp);
        site.Time.Advance(TimeSpan.FromMinutes(30));
        var address = await browser.ChallengeAsync(OidcPurpose.Confirm, "/users");

        Assert.Contains("prompt=login&max_age=0", address, StringComparison.Ordinal);
        Assert.Equal("/users", await browser.WhereToAsync(idp.Approve(address)));
        Assert.Equal(site.Time.GetUtcNow(), ConfirmedAt(browser));
        Assert.Contains("oidc", site.LastAudit("session.confirmed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_that_asks_leads_whoever_came_by_the_provider_there()
    {
        await using var idp = await site.AddProviderAsync();
        idp.Claims = claims => claims["groups"] = "wghub-operators";
        using var browser = await site.SignInAsync(idp);
        site.Time.Advance(TimeSpan.FromMinutes(30));

        var address = await browser.PressAsync("/confirm?returnUrl=/account", "/confirm?handler=provider", ("returnUrl", "/account"));

        Assert.Contains("prompt=login&max_age=0", address, StringComparison.Ordinal);
        Assert.Equal("/account", await browser.WhereToAsync(idp.Approve(address)));
        Assert.Equal(site.Time.GetUtcNow(), ConfirmedAt(browser));
    }

    [Theory]
    [InlineData("sub", "somebody-else", "another-account")]
    [InlineData("auth_time", null, "not-proved-anew")]
    [InlineData("auth_time", 1_700_000_000L, "not-proved-anew")]
    public async Task Who_does_not_has_not(string claim, object? value, string reason)
    {
        await using var idp = await site.AddProviderAsync();
        using var browser = await site.SignInAsync(idp);
        var before = ConfirmedAt(browser);
        site.Time.Advance(TimeSpan.FromMinutes(30));
        idp.Claims = claims =>
        {
            claims.Remove(claim);
            if (value is not null)
            {
                claims[claim] = System.Text.Json.Nodes.JsonValue.Create(value);
            }
        };
        idp.UserInfo["sub"] = claim == "sub" ? "somebody-else" : "ada-1";

        Assert.Equal(
            "/confirm?error=failed&returnUrl=%2Fusers", await browser.WhereToAsync(idp.Approve(await browser.ChallengeAsync(OidcPurpose.Confirm, "/users"))));
        Assert.Equal(before, ConfirmedAt(browser));
        Assert.Contains($"oidc:{reason}", site.LastAudit("signin.failed"), StringComparison.Ordinal);
        Assert.Null(site.FindUser(idp, "somebody-else"));
    }

    private DateTimeOffset ConfirmedAt(OidcBrowser browser) => site.Hub.Get<SessionStore>().Find(SessionKey.Read(browser.Cookie("wghub"))!)!.ConfirmedAt;

    private string SessionOf(string cookie) => site.Hub.Get<SessionStore>().Find(SessionKey.Read(cookie)!)!.Id;

    private OidcTestOutcome Outcome(string cookie) => site.Hub.Get<OidcTestOutcomes>().Find(SessionOf(cookie))!;
}
