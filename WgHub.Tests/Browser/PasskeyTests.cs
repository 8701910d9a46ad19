using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WgHub.Lab;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>Chromium with a security key that exists in it alone, at the one address without https where browsers allow passkeys.</summary>
[Trait("Kind", "Browser")]
public sealed class PasskeyTests : IAsyncLifetime
{
    private const string Url = "http://localhost:8080";

    private LabNet _lab = null!;
    private Chromium _chromium = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LabHub Hub { get; set; } = null!;

    private IPage Page => _chromium.Page;

    public async ValueTask InitializeAsync()
    {
        _lab = await LabNet.CreateAsync(Cancel);
        Hub = await _lab.StartHubAsync(new Dictionary<string, string>(), Cancel);
        _chromium = await Chromium.StartAsync(_lab, new());
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            await _chromium.TakePictureAsync(TestContext.Current.TestMethod!.MethodName);
        }

        await _chromium.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task A_passkey_signs_in_confirms_and_is_removed()
    {
        var key = await PlugInAsync();
        await SetUpAsync();

        await Page.GotoAsync($"{Url}/account");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Add", Exact = true }).ClickAsync();
        await AddAsync("Blue key");
        await Expect(Page.GetByRole(AriaRole.Row, new() { Name = "Blue key" })).ToContainTextAsync("never");
        await AddAsync("The same");
        await Expect(Page.GetByText("This device holds a passkey of yours already.")).ToBeVisibleAsync();

        await SignOutAsync();
        await key.VerifyAsync(false);
        await PressAsync("Use a passkey");
        await Expect(Page.GetByText("No passkey was chosen.")).ToBeVisibleAsync();
        await key.VerifyAsync(true);
        await PressAsync("Use a passkey");
        await Expect(Page).ToHaveURLAsync($"{Url}/");

        await Page.GotoAsync($"{Url}/confirm?returnUrl=%2Faccount%2Fpasskeys");
        await PressAsync("Use a passkey");
        await Expect(Page).ToHaveURLAsync($"{Url}/account/passkeys");
        await Expect(Page.GetByRole(AriaRole.Row, new() { Name = "Blue key" })).Not.ToContainTextAsync("never");
        await PressAsync("Remove");
        await Expect(Page.GetByText("Blue key")).ToBeHiddenAsync();
        await SignOutAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" })).ToBeHiddenAsync();

        _chromium.ExpectNoComplaint();
    }

    private async Task<VirtualKey> PlugInAsync()
    {
        var session = await Page.Context.NewCDPSessionAsync(Page);
        await session.SendAsync("WebAuthn.enable");
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new(session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    private async Task SetUpAsync()
    {
        await Page.GotoAsync(Url);
        await Page.GetByLabel("Set-up code").FillAsync((await Hub.CommandAsync(["setup-code"], Cancel)).OrThrow().Trim());
        await Page.GetByLabel("Your name").FillAsync("ada");
        await Page.GetByLabel("Password").FillAsync("correct horse battery");
        await PressAsync("Set up");
        await Expect(Page).ToHaveURLAsync($"{Url}/");
    }

    private async Task AddAsync(string name)
    {
        await Page.GetByLabel("Add one").FillAsync(name);
        await PressAsync("Add");
    }

    private async Task SignOutAsync()
    {
        await Page.GotoAsync($"{Url}/signout");
        await Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("/signin$"));
    }

    private Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private sealed record VirtualKey(ICDPSession Session, string Id)
    {
        /// <summary>Whether the finger on it is its owner's.</summary>
        public Task VerifyAsync(bool isOwner) =>
            Session.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = Id, ["isUserVerified"] = isOwner });
    }
}
