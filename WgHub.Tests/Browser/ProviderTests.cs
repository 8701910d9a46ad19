using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WgHub.Features.Auth.Oidc;
using WgHub.Lab;
using WgHub.TestKit;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>Sign-in by a real identity provider, on another site, in a real browser.</summary>
[Trait("Kind", "Browser")]
public sealed class ProviderTests : IAsyncLifetime
{
    private const string Url = "http://localhost:8080";
    private const string Password = "correct horse battery";
    private const string SignInButton = "Sign in with 127.0.0.1";

    private readonly List<Chromium> _browsers = [];
    private LabNet _lab = null!;
    private IdentityProvider _provider = null!;

    private LabHub Hub { get; set; } = null!;

    /// <summary>Of the first browser.</summary>
    private IPage Page => _browsers[0].Page;

    public async ValueTask InitializeAsync()
    {
        _lab = await LabNet.CreateAsync(Cancel);
        Hub = await _lab.StartHubAsync(new Dictionary<string, string> { ["Web__PublicUrl"] = Url }, Cancel);
        _provider = await IdentityProvider.StartAsync(_lab, Url, Cancel);
        await OpenBrowserAsync();
        await SetUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (number, browser) in _browsers.Index())
        {
            await browser.KeepIfFailedAsync(Hub, $"-{number}");
            await browser.DisposeAsync();
        }

        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task A_provider_is_set_up_tested_and_offered_and_gives_each_their_role()
    {
        await FillProviderAsync("wghub-admin");
        await PressAsync(Page, "Save");
        await Expect(Button("Offer on the sign-in page")).ToBeDisabledAsync();
        await TestAsync("ada");
        await Expect(Page.GetByText("would get no role")).ToBeVisibleAsync();
        await OfferAsync();

        await SignOutAsync();
        await SignInAsync(Page, "ada");
        await Expect(Role).ToHaveTextAsync("admin");
        await SignOutAsync();
        await SignInAsync(Page, "olga"); // asked anew: the first sign-out was one at the provider too
        await Expect(Role).ToHaveTextAsync("operator");
        await Page.GotoAsync("/settings/sign-in");
        await Expect(Page.GetByText("Your role does not allow this.")).ToBeVisibleAsync();
        await Page.GotoAsync("/settings");
        await SignOutAsync();

        await SignInAsync(Page, "niels", lands: false);
        await Expect(Page.GetByText("your account has no role here")).ToBeVisibleAsync();
        Assert.Equal(403, (await Page.GotoAsync("/spokes"))!.Status);
        ExpectNoComplaint("403");
    }

    [Fact]
    public async Task A_test_tells_what_is_wrong_and_signs_nobody_in()
    {
        await FillProviderAsync("wghub-admins");
        await Page.GetByLabel("Client secret").FillAsync("a-wrong-secret");
        await PressAsync(Page, "Save");
        await TestAsync("ada");

        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("invalid_client");
        await Expect(Button("Offer on the sign-in page")).ToBeDisabledAsync();
        await Expect(Page.Locator(".header-who")).ToContainTextAsync("grace");

        await Page.GetByLabel("Issuer").FillAsync($"{IdentityProvider.Issuer}/");
        await Page.GetByLabel("Client secret").FillAsync(IdentityProvider.ClientSecret);
        await PressAsync(Page, "Save");
        await PressAsync(Page, "Test sign-in");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(IdentityProvider.Issuer);
        ExpectNoComplaint();
    }

    [Fact]
    public async Task The_local_way_closes_when_an_administrator_has_come_by_the_provider()
    {
        await OfferProviderAsync();
        await Expect(Button("Switch local sign-in off")).ToBeDisabledAsync();
        await SignOutAsync();
        await SignInAsync(Page, "ada");

        await Page.GotoAsync("/settings/sign-in");
        await PressAsync(Page, "Switch local sign-in off");
        await Expect(Button("Switch local sign-in on")).ToBeVisibleAsync();
        await SignOutAsync();

        await Page.GotoAsync("/signin");
        await Expect(Button(SignInButton)).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Password")).ToHaveCountAsync(0);
        ExpectNoComplaint();
    }

    [Fact]
    public async Task Signing_out_at_the_provider_ends_that_browser_and_no_other()
    {
        await OfferProviderAsync();
        var (first, second) = (await OpenBrowserAsync(), await OpenBrowserAsync());
        await SignInAsync(first, "ada");
        await _provider.RotateKeysAsync(Cancel);
        await SignInAsync(second, "ada"); // by keys that the hub has not seen

        await first.GotoAsync($"{IdentityProvider.Issuer}/session/end");
        await first.GetByRole(AriaRole.Button, new() { Name = "Yes, sign me out" }).ClickAsync();
        await Expect(first.GetByText("Sign-out Success")).ToBeVisibleAsync();

        await first.GotoAsync($"{Url}/settings");
        await Expect(first).ToHaveURLAsync(new Regex("/signin"));
        await second.GotoAsync("/settings");
        await Expect(second.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();
        ExpectNoComplaint();
    }

    [Fact]
    public async Task An_answer_serves_once_and_in_the_browser_that_asked()
    {
        await OfferProviderAsync();
        var (first, second) = (await OpenBrowserAsync(), await OpenBrowserAsync());
        var callback = "";
        first.Request += (_, request) => callback = request.Url.StartsWith($"{Url}/signin-oidc", StringComparison.Ordinal) ? request.Url : callback;
        await SignInAsync(first, "olga");

        await first.Context.ClearCookiesAsync(new() { Name = "wghub" });
        await RefusedAsync(first, callback, OidcFailure.Failed);

        second.Request += (_, request) => callback = request.Url.StartsWith($"{Url}/signin-oidc", StringComparison.Ordinal) ? request.Url : callback;
        var used = callback;
        await second.GotoAsync("/signin?returnUrl=/settings");
        await PressAsync(second, SignInButton);
        await Expect(second.Locator("[name=login]")).ToBeVisibleAsync();
        await Hub.StopAsync(Cancel); // so that the answer arrives nowhere yet
        await AtProviderAsync(second, "olga");
        Assert.True(await Eventually.TrueAsync(() => callback != used, TimeSpan.FromSeconds(30), Cancel));
        await Hub.StartAsync(Cancel);
        await RefusedAsync(first, callback, OidcFailure.Failed);
        ExpectNoComplaint();
    }

    [Fact]
    public async Task Whoever_goes_back_at_the_provider_is_told_so()
    {
        await OfferProviderAsync();
        await SignOutAsync();
        await Page.GotoAsync("/signin");
        await PressAsync(Page, SignInButton);

        await Page.GetByRole(AriaRole.Link, new() { Name = "Cancel" }).ClickAsync();

        await ToldAsync(Page, OidcFailure.Denied);
        ExpectNoComplaint();
    }

    [Fact]
    public async Task A_provider_that_is_down_leaves_the_local_way_in()
    {
        await OfferProviderAsync();
        await SignOutAsync();
        await _provider.StopAsync(Cancel);
        await Hub.StopAsync(Cancel);
        await Hub.StartAsync(Cancel); // what it knew of the provider is gone

        await Page.GotoAsync("/signin");
        await PressAsync(Page, SignInButton);
        await ToldAsync(Page, OidcFailure.Unavailable);
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("grace");
        await Page.GetByLabel("Password").FillAsync(Password);
        await PressAsync(Page, "Sign in");
        await Expect(Page).ToHaveURLAsync($"{Url}/");
        ExpectNoComplaint();
    }

    private ILocator Role => Page.Locator(".header-who .badge");

    private ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static Task PressAsync(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private async Task<IPage> OpenBrowserAsync()
    {
        var browser = await Chromium.StartAsync(_lab, new() { BaseURL = Url }, IdentityProvider.Issuer);
        _browsers.Add(browser);
        return browser.Page;
    }

    /// <summary>The hub's own administrator, grace, is signed in afterwards.</summary>
    private async Task SetUpAsync()
    {
        await Page.GotoAsync("/setup");
        await Page.GetByLabel("Set-up code").FillAsync((await Hub.CommandAsync(["setup-code"], Cancel)).OrThrow().Trim());
        await Page.GetByLabel("Your name").FillAsync("grace");
        await Page.GetByLabel("Password").FillAsync(Password);
        await PressAsync(Page, "Set up");
        await Expect(Page).ToHaveURLAsync($"{Url}/");
    }

    private async Task FillProviderAsync(string adminValue)
    {
        await Page.GotoAsync("/settings/sign-in");
        await Page.GetByLabel("Issuer").FillAsync(IdentityProvider.Issuer);
        await Page.GetByLabel("Client ID").FillAsync(IdentityProvider.ClientId);
        await Page.GetByLabel("Client secret").FillAsync(IdentityProvider.ClientSecret);
        await Page.GetByLabel("Administrators").FillAsync(adminValue);
        await Page.GetByLabel("Operators").FillAsync("wghub-operators");
    }

    private async Task OfferProviderAsync()
    {
        await FillProviderAsync("wghub-admins");
        await PressAsync(Page, "Save");
        await TestAsync("ada");
        await Expect(Page.GetByText("would be admin")).ToBeVisibleAsync();
        await PressAsync(Page, "Offer on the sign-in page");
        await Expect(Button("Offer it no longer")).ToBeVisibleAsync();
        await Page.Context.ClearCookiesAsync(new() { Domain = "127.0.0.1" }); // and at the provider nobody is signed in
    }

    private async Task OfferAsync()
    {
        await Page.Context.ClearCookiesAsync(new() { Domain = "127.0.0.1" });
        await OfferProviderAsync();
    }

    private async Task TestAsync(string name)
    {
        await PressAsync(Page, "Test sign-in");
        await AtProviderAsync(Page, name);
        await Expect(Page).ToHaveURLAsync($"{Url}/settings/sign-in");
    }

    private static async Task SignInAsync(IPage page, string name, bool lands = true)
    {
        await page.GotoAsync("/signin?returnUrl=/settings");
        await PressAsync(page, SignInButton);
        await AtProviderAsync(page, name);
        if (lands)
        {
            await Expect(page).ToHaveURLAsync($"{Url}/settings");
        }
    }

    private static async Task AtProviderAsync(IPage page, string name)
    {
        await page.Locator("[name=login]").FillAsync(name);
        await page.Locator("[name=password]").FillAsync("any");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign-in" }).ClickAsync();
    }

    /// <summary>Here, and where the provider knows this session too.</summary>
    private async Task SignOutAsync()
    {
        await Page.Locator(".header").GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        var confirm = Page.GetByRole(AriaRole.Button, new() { Name = "Yes, sign me out" });
        await Expect(confirm.Or(Button("Sign in"))).ToBeVisibleAsync();
        if (await confirm.IsVisibleAsync())
        {
            await confirm.ClickAsync();
        }

        await Expect(Page).ToHaveURLAsync($"{Url}/signin");
    }

    private static async Task RefusedAsync(IPage page, string address, string code)
    {
        await page.GotoAsync(address);
        await ToldAsync(page, code);
        await page.GotoAsync("/settings");
        await Expect(page).ToHaveURLAsync(new Regex("/signin"));
    }

    private static async Task ToldAsync(IPage page, string code)
    {
        await Expect(page).ToHaveURLAsync(new Regex($@"/signin\?error={code}"));
        await Expect(page.GetByText(OidcFailure.Sentence(code)!)).ToBeVisibleAsync();
    }

    /// <param name="but">What a browser says of an answer that the test asks for, such as a status.</param>
    private void ExpectNoComplaint(string but = "none") =>
        Assert.DoesNotContain(_browsers.SelectMany(browser => browser.Complaints), said => !said.Contains(but, StringComparison.Ordinal));
}
