using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WgHub.Lab;
using WgHub.TestKit;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>A new hub in a network of its own, and a person before a real browser there, who goes by what stands on the page.</summary>
public abstract class BrowserTest : IAsyncLifetime
{
    protected const string Password = "correct horse battery";

    private Chromium? _chromium;
    private bool _hasScript = true;

    private protected LabNet Lab { get; private set; } = null!;

    private protected LabHub Hub { get; private set; } = null!;

    private protected Chromium Chromium => _chromium ?? throw new InvalidOperationException("The browser was not started.");

    private protected IPage Page => Chromium.Page;

    /// <summary>The hub's, as environment variables without their prefix.</summary>
    private protected virtual Dictionary<string, string> Settings => [];

    public async ValueTask InitializeAsync()
    {
        Lab = await LabNet.CreateAsync(Cancel);
        Hub = await Lab.StartHubAsync(Settings, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.KeepIfFailedAsync(Hub);
            await _chromium.DisposeAsync();
        }

        await Lab.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task StartAsync(BrowserNewContextOptions? options = null)
    {
        _hasScript = options?.JavaScriptEnabled ?? true;
        _chromium = await Chromium.StartAsync(Lab, options ?? new());
    }

    /// <summary>From the bare address to the dashboard; what the form suggests for the network is taken.</summary>
    private protected async Task SetUpAsync(string url = LabHub.Url)
    {
        await Page.GotoAsync(url);
        await Expect(Page).ToHaveURLAsync($"{url}/setup");
        var code = (await Hub.CommandAsync(["setup-code"], Cancel)).OrThrow().Trim();
        await Page.GotoAsync($"{url}/setup#{code}"); // as the hub tells it at its first start
        if (!_hasScript)
        {
            await Page.GetByLabel("Set-up code").FillAsync(code);
        }

        await Expect(Page.GetByLabel("Set-up code")).ToHaveValueAsync(code);
        await Page.GetByLabel("Your name").FillAsync("ada");
        await Page.GetByLabel("Password").FillAsync(Password);
        await Page.GetByLabel("Password").PressAsync("Enter");
        await Expect(Page).ToHaveURLAsync($"{url}/");
    }

    /// <summary>On the sign-in page.</summary>
    private protected async Task SignInAsync(string name = "ada")
    {
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await Page.GetByLabel("Password").FillAsync(Password);
        await PressAsync("Sign in");
    }

    /// <summary>By the navigation, as on a phone too.</summary>
    private protected async Task GoAsync(string path)
    {
        await Page.GetByRole(AriaRole.Navigation).Locator($"[href='{path}']").ClickAsync();
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}{path}");
    }

    private protected async Task<string> MakeTokenAsync(string spokeName)
    {
        await GoAsync("/tokens");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(spokeName);
        await PressAsync("Make token");
        return await Page.Locator("#line").InnerTextAsync();
    }

    /// <summary>Registers a key as the machine would on which the line is pasted.</summary>
    private protected async Task RegisterAsync(string line)
    {
        var token = Regex.Match(line, "/i/([A-Za-z0-9_-]{43})").Groups[1].Value;
        using var machine = Lab.CreateClient(new Uri(LabHub.Url), null);
        using var answer = await machine.PostAsJsonAsync("/api/spoke/register", new { token, publicKey = Wg.NewKey(), os = "linux" }, Cancel);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>From the list of spokes.</summary>
    private protected async Task DisableAsync(string name)
    {
        await RowOf(name).GetByRole(AriaRole.Link, new() { Name = "Disable…" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = $"Disable {name}?" })).ToBeVisibleAsync();
        await PressAsync("Disable");
        await Expect(Page.GetByText($"{name} is disabled")).ToBeVisibleAsync();
    }

    private protected ILocator RowOf(string spokeName) => Page.GetByRole(AriaRole.Row).Filter(new() { HasText = spokeName });

    private protected Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
}
