using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WgHub.Lab;
using WgHub.TestKit;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>A new hub, and a person before a real browser, who goes by what stands on the page.</summary>
[Trait("Kind", "Browser")]
public sealed class BrowserTests : BrowserTest
{
    [Fact]
    public async Task A_first_run_ends_with_a_connected_machine_and_all_can_be_undone()
    {
        await StartAsync();
        var spoke = await Lab.BootAsync("oslo", SpokeKind.Tools, Cancel);

        await SetUpAsync();
        var line = await MakeTokenAsync("oslo");
        await Expect(Page.GetByText("Waiting for oslo")).ToBeVisibleAsync();
        (await spoke.PasteAsync(line, Cancel)).OrThrow();
        await Expect(Page.GetByText("oslo is connected")).ToBeVisibleAsync();
        Assert.True(await spoke.PingsAsync("10.8.0.1", "wg0", Cancel));

        await GoAsync("/spokes");
        var row = RowOf("oslo");
        await Expect(row).ToContainTextAsync("Active");
        await Expect(row).ToContainTextAsync(new Regex(@"[1-9]\S* \S?i?B / [1-9]"));
        await DisableAsync("oslo");
        Assert.Empty(await PeersAsync());
        await GoAsync("/spokes");
        await PressAsync("Enable");
        await Expect(Page.GetByText("oslo was enabled.")).ToBeVisibleAsync();
        await Expect(row).ToContainTextAsync("Active", new() { Timeout = 30_000 }); // with its first handshake since

        await MovePortAsync();
        await RenameAsync("oslo", "bergen");
        await RemoveAsync("bergen");
        Assert.Empty(await PeersAsync());

        await GoAsync("/settings");
        await Page.GetByLabel("DNS servers").FillAsync("10.8.0.1");
        await PressAsync("Save");
        await Expect(Page.GetByText("Saved.")).ToBeVisibleAsync();
        await Page.ReloadAsync();
        await Expect(Page.GetByLabel("DNS servers")).ToHaveValueAsync("10.8.0.1");

        await MakeTokenAsync("turin");
        await RevokeAsync("turin");
        await GoAsync("/settings"); // It asks for no news, which would be refused while one signs out.
        await PressAsync("Sign out");
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/signin");
        Chromium.ExpectNoComplaint();
    }

    [Fact]
    public async Task Everything_works_without_script()
    {
        await StartAsync(new() { JavaScriptEnabled = false });

        await SetUpAsync();
        await PressAsync("Sign out");
        await SignInAsync();
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/");
        await RegisterAsync(await MakeTokenAsync("oslo"));
        await GoAsync("/spokes");
        await DisableAsync("oslo");
        await GoAsync("/spokes");
        await PressAsync("Enable");
        await Expect(Page.GetByText("oslo was enabled.")).ToBeVisibleAsync();
        await MovePortAsync();
        await RenameAsync("oslo", "bergen");
        await RemoveAsync("bergen");
        Assert.Empty(await PeersAsync());
        await MakeTokenAsync("turin");
        await RevokeAsync("turin");

        Chromium.ExpectNoComplaint();
    }

    [Fact]
    public async Task Pages_are_light_or_dark_as_the_system_is()
    {
        await StartAsync(new() { ColorScheme = ColorScheme.Dark });

        await SetUpAsync();
        var dark = await BackgroundAsync("dark");
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        var light = await BackgroundAsync("light");

        Assert.NotEqual(dark, light);
        Chromium.ExpectNoComplaint();
    }

    [Fact]
    public async Task A_new_token_stands_in_the_list_with_the_answer_that_made_it()
    {
        await StartAsync();
        await SetUpAsync();
        await GoAsync("/tokens");
        await Page.GetByRole(AriaRole.Searchbox).FillAsync("nobody");
        await Expect(Page.GetByText("No token is like that")).ToBeVisibleAsync();
        await Page.RouteAsync(
            "**/tokens*", // no poll brings it
            news => news.Request is { Method: "GET" } poll && poll.Headers.ContainsKey("hx-request")
                ? news.FulfillAsync(new() { Status = 204 })
                : news.ContinueAsync());

        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("oslo");
        await PressAsync("Make token");

        await Expect(RowOf("oslo")).ToContainTextAsync("Open");
        await Expect(Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync(""); // the filter and the list say the same
        Chromium.ExpectNoComplaint();
    }

    [Fact]
    public async Task The_copy_button_works_without_https()
    {
        await StartAsync();

        await SetUpAsync();
        var line = await MakeTokenAsync("oslo");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).First.ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Make another" }).ClickAsync();
        var group = Page.GetByLabel("Group");
        await group.EvaluateAsync("field => field.removeAttribute('maxlength')");
        await group.PressAsync("Control+V");

        await Expect(group).ToHaveValueAsync(line);
        Chromium.ExpectNoComplaint();
    }

    [Fact]
    public async Task What_the_browser_complains_of_is_heard()
    {
        await StartAsync();
        await Page.GotoAsync("/");

        await Page.EvaluateAsync("() => { console.error('told'); console.warn('warned'); }");
        await Page.EvaluateAsync("() => { setTimeout(() => { throw new Error('thrown'); }); }");
        await Page.EvaluateAsync("() => { document.body.setAttribute('style', 'color: red'); }");

        string[] faults = ["told", "warned", "thrown", "CSP: style-src"];
        var areHeard = await Eventually.TrueAsync(() => faults.All(IsHeard), TimeSpan.FromSeconds(10), Cancel);
        Assert.True(areHeard, string.Join('\n', Chromium.Complaints));

        bool IsHeard(string fault) => Chromium.Complaints.Any(said => said.Contains(fault, StringComparison.Ordinal));
    }

    /// <returns>The line to paste.</returns>
    private async Task RevokeAsync(string spokeName)
    {
        await RowOf(spokeName).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        var question = Page.GetByRole(AriaRole.Heading, new() { Name = "Revoke this token?" }); // asked by a page where no script asks
        await Expect(question.Or(Page.GetByText("No token is open"))).ToBeVisibleAsync();
        if (await question.IsVisibleAsync())
        {
            await PressAsync("Revoke");
        }

        await Page.GetByRole(AriaRole.Link, new() { Name = "Show all" }).ClickAsync();
        await Expect(RowOf(spokeName)).ToContainTextAsync("Revoked");
    }

    /// <summary>To another port, with the endpoint at it, and back.</summary>
    private async Task MovePortAsync()
    {
        await GoAsync("/settings");
        await Page.GetByLabel("UDP port").FillAsync("51999");
        await PressAsync("Save");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Save this?" })).ToBeVisibleAsync();
        await PressAsync("Save it");
        await Expect(Page.GetByText("the UDP port: 51820 → 51999")).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Public endpoint")).ToHaveValueAsync(new Regex(":51999$"));
        await PressAsync("Put all of it back");
        await Expect(Page.GetByText("the UDP port: 51999 → 51820")).ToBeVisibleAsync();
    }

    private async Task RenameAsync(string name, string newName)
    {
        await OpenSpokeAsync(name);
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(newName);
        await PressAsync("Save");
        await Expect(Page.GetByText("Saved.")).ToBeVisibleAsync();
    }

    private async Task RemoveAsync(string name)
    {
        await OpenSpokeAsync(name);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Remove…" }).ClickAsync();
        await PressAsync("Remove");
        await Expect(Page.GetByText("No spokes yet")).ToBeVisibleAsync();
    }

    private async Task OpenSpokeAsync(string name)
    {
        await GoAsync("/spokes");
        await Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true })).ToBeVisibleAsync();
    }

    /// <returns>The colour of the page, once it is in that theme.</returns>
    private async Task<string> BackgroundAsync(string theme)
    {
        await Expect(Page.Locator("html")).ToHaveAttributeAsync("data-bs-theme", theme);
        return await Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }

    private async Task<string> PeersAsync() => (await Lab.RunAsync(["wg", "show", "wg0", "peers"], Cancel)).OrThrow();
}
