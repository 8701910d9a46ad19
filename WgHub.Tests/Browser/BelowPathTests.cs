using System.Collections.Concurrent;
using Microsoft.Playwright;
using WgHub.TestKit;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>A hub below a path behind nginx, in a real browser: pages, scripts and htmx ask for nothing that lies outside it.</summary>
[Trait("Kind", "Browser")]
public sealed class BelowPathTests : BrowserTest
{
    // Browsers take plain http from this machine itself for secure, as https is: a joining device makes its key there.
    private const string Url = "http://localhost:8090/wghub";

    private readonly ConcurrentQueue<string> _outside = new();

    private protected override Dictionary<string, string> Settings => new() { ["Web__PublicUrl"] = Url, ["Web__TrustedProxies"] = "127.0.0.1" };

    [Theory]
    [InlineData(0)]     // handed on
    [InlineData(1)]     // taken off
    public async Task Everything_that_a_browser_asks_for_is_below_the_path(int piece)
    {
        await using var proxy = await ReverseProxy.StartAsync("nginx", piece, new Uri(Url).Port, "127.0.0.1:8080", Cancel, Lab.HubNetwork.Enter());
        await StartAsync();
        Page.Request += (_, request) => Note(request.Url);
        await SetUpAsync(Url);

        await Page.GotoAsync($"{Url}/tokens");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("oslo");
        await PressAsync("Make token");
        await Expect(Page.GetByText("Waiting for")).ToBeVisibleAsync();
        var link = await Page.GetByText("/join/").First.TextContentAsync() ?? "";
        Assert.StartsWith($"{Url}/join/", link, StringComparison.Ordinal);
        await Page.GotoAsync(link);
        await PressAsync("Make the key and connect");
        await Expect(Page.GetByText("The hub knows the device now.")).ToBeVisibleAsync();
        await PressAsync("It is on the device");

        await Page.GotoAsync($"{Url}/spokes");
        await DisableAsync("oslo");
        await Page.GotoAsync($"{Url}/spokes");
        await Expect(RowOf("oslo")).ToContainTextAsync("Disabled");
        await Page.GetByRole(AriaRole.Link, new() { Name = "oslo" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "oslo" })).ToBeVisibleAsync();
        await WalkAsync();

        await PressAsync("Sign out");
        await Expect(Page).ToHaveURLAsync($"{Url}/signin");
        await Page.GotoAsync($"{Url}/settings");
        await Expect(Page).ToHaveURLAsync($"{Url}/signin?returnUrl=%2Fsettings");
        await SignInAsync();
        await Expect(Page).ToHaveURLAsync($"{Url}/settings");

        Assert.Empty(_outside);
        Chromium.ExpectNoComplaint();
    }

    /// <summary>Goes by every link, from the dashboard on.</summary>
    private async Task WalkAsync()
    {
        Queue<string> ahead = new([$"{Url}/"]);
        HashSet<string> met = [.. ahead];
        while (ahead.TryDequeue(out var address))
        {
            await Page.GotoAsync(address);
            var links = await Page.Locator("a[href]").EvaluateAllAsync<string[]>(
                "all => all.filter(a => !['/api/', '/openapi/'].some(part => a.pathname.includes(part))).map(a => a.href)");
            var ours = links.Select(one => one.Split('#')[0]).Where(one => one.StartsWith("http://localhost", StringComparison.Ordinal));
            foreach (var link in ours.Where(met.Add))
            {
                ahead.Enqueue(link);
            }
        }

        Assert.Contains($"{Url}/users/new", met);
        await Page.GotoAsync($"{Url}/");
    }

    private void Note(string asked)
    {
        if (!asked.StartsWith($"{Url}/", StringComparison.Ordinal) && asked != Url && !asked.StartsWith("blob:", StringComparison.Ordinal))
        {
            _outside.Enqueue(asked);
        }
    }
}
