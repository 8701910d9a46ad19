using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WgHub.Lab;
using WgHub.TestKit;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>
/// Somebody without an account opens the link that they were given. Browsers take plain http from this machine itself for secure, as https is.
/// </summary>
[Trait("Kind", "Browser")]
public sealed partial class JoinTests(LabSite site) : IClassFixture<LabSite>, IAsyncDisposable
{
    private const string Url = "http://localhost:8080";

    // As a browser without it says.
    private const string NoX25519 =
        "SubtleCrypto.prototype.generateKey = () => Promise.reject(new DOMException('Algorithm: Unrecognized name', 'NotSupportedError'))";

    // RFC 7748, 6.1: Alice's keys.
    private const string PrivateExample = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    private const string PublicExample = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";

    private Chromium? _chromium;

    private IPage Page => _chromium!.Page;

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.KeepIfFailedAsync(site.Hub);
            await _chromium.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_private_key_never_leaves_the_page_but_in_what_the_person_takes_and_the_tunnel_comes_up()
    {
        var token = await OpenAsync("phone", new());
        var network = await NetworkLog.StartAsync(Page);
        await Page.ReloadAsync();

        var conf = await JoinAsync("phone.conf");
        var scanned = await ScanAsync();

        var spoke = await site.Api.FindSpokeAsync("phone", Cancel);
        Assert.Equal(spoke.PublicKey, await PublicKeyAsync(conf));
        Assert.Equal(conf.Replace(" = ", "=", StringComparison.Ordinal).Replace("\n\n", "\n", StringComparison.Ordinal), scanned);
        Assert.True(network.Holds(token), "The log is empty.");
        Assert.True(network.Holds(Convert.FromBase64String(spoke.PublicKey)), "The log misses what was sent.");
        Assert.False(network.Holds(PrivateKeyOf(conf)), "The private key was sent.");
        Assert.Equal("{}{}", await Page.EvaluateAsync<string>("JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie"));
        _chromium!.ExpectNoComplaint();

        // The file's content and the code's are the same; the machine takes the code's.
        var machine = await site.Net.BootAsync("phone", SpokeKind.Tools, Cancel);
        await machine.WriteFileAsync("/etc/wireguard/phone.conf", scanned, Cancel);
        (await machine.RunAsync(["systemctl", "start", "wg-quick@phone"], Cancel)).OrThrow();
        Assert.True(await machine.PingsAsync(LabSite.HubTunnelAddress, "phone", Cancel));
        Assert.Contains("PresharedKey", scanned, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_without_X25519_makes_the_key_by_a_library()
    {
        await OpenAsync("old-browser-of-a-friend", new());
        var network = await NetworkLog.StartAsync(Page);
        await Page.AddInitScriptAsync(NoX25519);
        await Page.ReloadAsync();

        var conf = await JoinAsync("old-browser-of-.conf");

        Assert.Equal((await site.Api.FindSpokeAsync("old-browser-of-a-friend", Cancel)).PublicKey, await PublicKeyAsync(conf));
        Assert.False(network.Holds(PrivateKeyOf(conf)), "The private key was sent.");
        var example = await Page.EvaluateAsync<int[]>(
            "key => [...globalThis.nacl.scalarMult.base(Uint8Array.from(key))]", Convert.FromHexString(PrivateExample).Select(one => (int)one).ToArray());
        Assert.Equal(PublicExample, Convert.ToHexStringLower([.. example.Select(one => (byte)one)]));
        _chromium!.ExpectNoComplaint();
    }

    [Fact]
    public async Task A_lost_answer_costs_nothing_and_leaving_with_the_key_untaken_is_asked_about()
    {
        await OpenAsync("laptop", new());
        await Page.RouteAsync(
            "**/api/spoke/register",
            async route =>
            {
                using var wire = site.Net.CreateClient(new Uri(LabHub.Url), null);
                using var sent = new StringContent(route.Request.PostData!, Encoding.UTF8, "application/json");
                (await wire.PostAsync(new Uri("/api/spoke/register", UriKind.Relative), sent, Cancel)).EnsureSuccessStatusCode();
                await route.AbortAsync();
            },
            new() { Times = 1 });
        List<string> asked = [];
        Page.Dialog += (_, question) => asked.Add(question.Type);

        await PressAsync("Make the key and connect");
        await Expect(Page.GetByText("Nothing is lost: try it again.")).ToBeVisibleAsync();
        await PressAsync("Make the key and connect");
        await Expect(Page.GetByText("The hub knows the device now.")).ToBeVisibleAsync();
        await Page.ReloadAsync();

        await Expect(Page.GetByText("This link was used")).ToBeVisibleAsync();
        Assert.Equal(["beforeunload"], asked);
        await Page.GotoAsync(await LinkAsync("tablet"));
        await JoinAsync("tablet.conf");
        await Page.ReloadAsync();
        await Expect(Page.GetByText("This link was used")).ToBeVisibleAsync();
        Assert.Equal(["beforeunload"], asked);
    }

    [Fact]
    public async Task Over_plain_http_no_key_is_made()
    {
        var token = await site.Api.CreateTokenAsync("far", Cancel);
        _chromium = await Chromium.StartAsync(site.Net, new());
        await Page.GotoAsync($"{LabHub.Url}/join/{token.Secret}");

        await Expect(Page.GetByText("that needs https")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Make the key and connect")).ToBeHiddenAsync();
        _chromium.ExpectNoComplaint();
    }

    [Fact]
    public async Task Without_script_the_device_brings_its_own_key()
    {
        await OpenAsync("router", new() { JavaScriptEnabled = false });
        await Expect(Page.GetByText("which your browser does not run here")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Make the key and connect")).ToBeHiddenAsync();
        var key = LabApi.NewPublicKey();

        await Page.GetByText("The device makes its key itself").ClickAsync();
        await Page.GetByLabel("Which kind is it?").SelectOptionAsync("MikroTik RouterOS 7");
        await Page.GetByLabel("Its public key").FillAsync(key);
        await PressAsync("Connect it");

        await Expect(Page.Locator("#snippet")).ToContainTextAsync("/interface/wireguard/peers/add");
        Assert.Contains(key, await site.LivePeersAsync(Cancel));
        _chromium!.ExpectNoComplaint();
    }

    /// <returns>The token's secret.</returns>
    private async Task<string> OpenAsync(string spokeName, BrowserNewContextOptions options)
    {
        _chromium = await Chromium.StartAsync(site.Net, options);
        var link = await LinkAsync(spokeName);
        await Page.GotoAsync(link);
        return link.Split('/')[^1];
    }

    private async Task<string> LinkAsync(string spokeName) => $"{Url}/join/{(await site.Api.CreateTokenAsync(spokeName, Cancel)).Secret}";

    /// <returns>The file that the browser wrote.</returns>
    private async Task<string> JoinAsync(string fileName)
    {
        await Page.GetByLabel("What is it?").SelectOptionAsync("Android");
        await PressAsync("Make the key and connect");
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByText("Download the file", new() { Exact = true }).ClickAsync());
        Assert.Equal(fileName, download.SuggestedFilename);
        await Expect(Page.GetByText("You may close this page now.")).ToBeVisibleAsync();
        return await File.ReadAllTextAsync(await download.PathAsync(), Cancel);
    }

    /// <summary>What a camera before the screen reads.</summary>
    private async Task<string> ScanAsync()
    {
        var picture = Path.Combine(site.Net.Home.FullName, "code.png");
        await Page.GetByRole(AriaRole.Img, new() { Name = "QR code" }).ScreenshotAsync(new() { Path = picture });
        return (await Shell.RunAsync(["zbarimg", "--raw", "--quiet", "--oneshot", picture], Cancel)).OrThrow().TrimEnd('\n') + "\n";
    }

    private Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static byte[] PrivateKeyOf(string conf) => Convert.FromBase64String(PrivateKey().Match(conf).Groups[1].Value);

    private static async Task<string> PublicKeyAsync(string conf) =>
        (await Shell.RunAsync(["wg", "pubkey"], Convert.ToBase64String(PrivateKeyOf(conf)), Cancel)).OrThrow().Trim();

    [GeneratedRegex("PrivateKey = (.{44})\n")]
    private static partial Regex PrivateKey();
}
