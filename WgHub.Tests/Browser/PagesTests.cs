using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WgHub.Features.Clusters;
using WgHub.Lab;
using WgHub.Web;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>Every page of the hub in a real browser: as each role sees it, light and dark, on a wide screen and on a phone.</summary>
[Trait("Kind", "Browser")]
public sealed partial class PagesTests : BrowserTest
{
    /// <summary>Pages that no link leads to, or that only a state opens which the walk makes itself.</summary>
    private static readonly string[] Unlinked =
        ["/setup", "/setup/reset", "/signin", "/signin/second", "/signin/passkey", "/confirm/passkey", "/tokens/{id}/progress"];

    /// <summary>As long as names may be, without a gap.</summary>
    private static readonly string Longest = new('w', 63);

    private readonly SortedSet<string> _seen = [];
    private readonly List<string> _faults = [];
    [Fact]
    public async Task Every_page_is_sound_for_every_role_on_every_screen()
    {
        await StartAsync();
        await Page.GotoAsync("/");
        await LookAsync(); // the set-up
        await SetUpAsync();
        await WalkAsync();
        await MakeEverythingAsync();
        await AddAccountAsync(Roles.Operator);
        await AddAccountAsync(Roles.Viewer);
        await WalkAsync();
        await EnrolAsync();

        foreach (var role in (string[])[Roles.Operator, Roles.Viewer])
        {
            await SignOutAsync();
            await LookAsync();
            await SignInAsync(NameOf(role));
            await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/");
            await WalkAsync();
        }

        await SignOutAsync();
        await LookAsync();
        await SignInAsync();
        await LookAsync(); // the second step
        await Page.GotoAsync("/signin/passkey");
        await LookAsync();

        Assert.True(_faults.Count == 0, string.Join("\n", _faults));
        Assert.Empty(Pages.Except(_seen).Except(Unlinked));
        Assert.DoesNotContain(Chromium.Complaints, said => !Refusal().IsMatch(said));
    }

    /// <summary>The addresses that show a page.</summary>
    private static IEnumerable<string> Pages => Architecture.EndpointTests.Decided.Select(row => row.Data)
        .Where(row => row.Item1 == "GET" && !NoPage().IsMatch(row.Item2)).Select(row => row.Item2);

    private static string NameOf(string role) => role + Longest[role.Length..];

    /// <summary>Goes by every link from every page that has an address of its own, and looks at each page once.</summary>
    private async Task WalkAsync()
    {
        Queue<string> ahead = new([.. Pages.Where(page => !page.Contains('{', StringComparison.Ordinal)), "/nowhere"]);
        HashSet<string> met = [.. ahead];
        while (ahead.TryDequeue(out var path))
        {
            await Page.GotoAsync(path);
            await LookAsync();
            var links = await Page.Locator("a[href^='/']").EvaluateAllAsync<string[]>("all => all.map(link => link.pathname)");
            foreach (var link in links.Where(link => !NoPage().IsMatch(link) && !OtherChapter().IsMatch(link) && met.Add(link)))
            {
                ahead.Enqueue(link);
            }
        }
    }

    private async Task LookAsync()
    {
        _seen.Add(Chapter().Replace(Token().Replace(Id().Replace(new Uri(Page.Url).AbsolutePath, "{id}"), "/join/{token}"), "/docs/{**name}"));
        await Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(more => { more.open = true; })");
        _faults.AddRange(await PageLook.FaultsAsync(Page));
    }

    /// <summary>A spoke, a token that waits, and an API token.</summary>
    private async Task MakeEverythingAsync()
    {
        using (var api = await Hub.SignInAsync(Roles.Operator, Cancel))
        {
            var token = await api.CreateTokenAsync(Longest, Cancel);
            await api.RegisterAsync(token.Secret, LabApi.NewPublicKey(), Cancel);
            await api.RegisterNodeAsync(
                (await api.CreateClusterTokenAsync("berlin", 3, Cancel)).Secret, PveFiles.Members("pve1", "homelab", "pve1", Longest), Cancel);
            await api.PostAsync("/api/networks", new() { ["name"] = "office", ["cidr"] = "192.168.9.0/24", ["via"] = "hub" }, Cancel);
            await api.RegisterNodeAsync((await api.CreateClusterTokenAsync(new('m', 31), 3, Cancel)).Secret, PveFiles.Read("members-standalone.json"), Cancel);
        }

        await Page.GotoAsync("/tokens");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(NameOf("waiting"));
        await PressAsync("Make token");
        await Expect(Page.GetByText("Waiting for")).ToBeVisibleAsync();
        await LookAsync();
        await Page.GotoAsync(await Page.GetByText("/join/").First.TextContentAsync() ?? "");
        await LookAsync();

        await Page.GotoAsync("/tokens/clusters?site=berlin&nodes=1");
        await PressAsync("Make token");
        await Expect(Page.GetByText("Paste this on every node")).ToBeVisibleAsync();
        await LookAsync();

        await Page.GotoAsync("/import");
        var conf =
            $"[Interface]\nAddress = 10.8.0.1/24\nPostUp = iptables -A FORWARD -i %i -j ACCEPT\n\n# {Longest}\n[Peer]\nPublicKey = {LabApi.NewPublicKey()}\nAllowedIPs = 10.8.0.77/32, 192.168.7.0/24\n\n# everything\n[Peer]\nPublicKey = {LabApi.NewPublicKey()}\nAllowedIPs = 0.0.0.0/0, fd00::2/128\n";
        await Page.GetByLabel("One or two files")
            .SetInputFilesAsync(new FilePayload { Name = "wg0.conf", MimeType = "text/plain", Buffer = System.Text.Encoding.UTF8.GetBytes(conf) });
        await PressAsync("Look at the files");
        await Expect(Page.GetByText("cannot come and is left out")).ToBeVisibleAsync();
        await LookAsync();

        await Page.GotoAsync("/api-tokens/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(Longest);
        await PressAsync("Make token");
        await Expect(Page.GetByText("It is shown this once.")).ToBeVisibleAsync();
        await LookAsync();
        await MakeChannelAsync();
    }

    /// <summary>A channel with a long name and a long address, whose test fails.</summary>
    private async Task MakeChannelAsync()
    {
        await Page.GotoAsync("/notifications");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(Longest);
        await Page.GetByLabel("Where", new() { Exact = true }).FillAsync($"https://hooks.invalid/{Longest}{Longest}");
        await PressAsync("Add");
        await Expect(Page.GetByText("It is shown this once.")).ToBeVisibleAsync();
        await LookAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Test it" }).ClickAsync();
        await PressAsync("Test");
        await Expect(Page.GetByText("The test did not come through.")).ToBeVisibleAsync();
        await LookAsync();
    }

    private async Task AddAccountAsync(string role)
    {
        await Page.GotoAsync("/users/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(NameOf(role));
        await Page.GetByLabel("Role").SelectOptionAsync(role);
        await Page.GetByLabel("Password").FillAsync(Password);
        await PressAsync("Add");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = NameOf(role) })).ToBeVisibleAsync();
    }

    private async Task EnrolAsync()
    {
        await Page.GotoAsync("/account/authenticator");
        await PressAsync("Set it up");
        await LookAsync();
        await Page.GetByLabel("Then type the code").FillAsync(await CodeAsync());
        await PressAsync("Switch it on");
        await Expect(Page.GetByText("The app is on.")).ToBeVisibleAsync();
        await LookAsync();
    }

    /// <summary>What an authenticator app makes of the key on the page.</summary>
    private async Task<string> CodeAsync()
    {
        var key = (await Page.Locator("#seed").InnerTextAsync()).Where(char.IsLetterOrDigit);
        return new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(string.Concat(key))).ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime);
    }

    private async Task SignOutAsync()
    {
        await Page.GotoAsync("/signout");
        await Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/signin");
    }

    [GeneratedRegex("^/(api/|a/|i/|openapi/|healthz|readyz|metrics|signin-oidc|signout-callback-oidc|\\{)")]
    private static partial Regex NoPage();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex("^/docs/.+")]
    private static partial Regex Chapter();

    /// <summary>The manual's chapters are one page with other words: one with a wide table and one with code stand for all.</summary>
    [GeneratedRegex("^/docs/(?!(api|policy)$)")]
    private static partial Regex OtherChapter();

    [GeneratedRegex("^/join/.+")]
    private static partial Regex Token();

    /// <summary>What a browser says of a page that the role may not open, or that is not there; the page itself is looked at all the same.</summary>
    [GeneratedRegex("Failed to load resource: the server responded with a status of 40[34]")]
    private static partial Regex Refusal();
}
