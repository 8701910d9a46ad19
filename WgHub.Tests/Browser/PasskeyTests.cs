using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>Chromium with a security key that exists in it alone, at the one address without https where browsers allow passkeys.</summary>
[Trait("Kind", "Browser")]
public sealed class PasskeyTests : BrowserTest
{
    private const string Url = "http://localhost:8080";

    [Fact]
    public async Task A_passkey_signs_in_confirms_and_is_removed()
    {
        await StartAsync();
        var key = await PlugInAsync();
        await SetUpAsync(Url);

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

        Chromium.ExpectNoComplaint();
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

    private sealed record VirtualKey(ICDPSession Session, string Id)
    {
        /// <summary>Whether the finger on it is its owner's.</summary>
        public Task VerifyAsync(bool isOwner) =>
            Session.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = Id, ["isUserVerified"] = isOwner });
    }
}
