using Microsoft.Playwright;
using WgHub.Lab;
using WgHub.TestKit;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>The pictures of the README, made of real pages. With <c>WGHUB_PICTURES=1</c> they replace those in the repository.</summary>
[Trait("Kind", "Browser")]
public sealed class PictureTests : BrowserTest
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("WGHUB_PICTURES") == "1"
        ? Repository.PathOf("docs/pictures")
        : Directory.CreateDirectory(Repository.PathOf("artifacts/pictures")).FullName;

    private protected override Dictionary<string, string> Settings => new() { ["Limits__TokensPerHourPerIp"] = "0" };

    [Fact]
    public async Task The_list_of_spokes_and_a_new_token_are_shown()
    {
        await StartAsync(new() { ViewportSize = new() { Width = 1100, Height = 620 }, ColorScheme = ColorScheme.Light });
        await SetUpAsync();
        foreach (var name in new[] { "oslo", "turin" })
        {
            var spoke = await Lab.BootAsync(name, SpokeKind.Tools, Cancel);
            (await spoke.PasteAsync(await MakeTokenAsync(name), Cancel)).OrThrow();
            await Page.GotoAsync($"{LabHub.Url}/");
        }

        foreach (var name in new[] { "lyon", "office-router", "laptop-anna" })
        {
            await RegisterAsync(await MakeTokenAsync(name));
            await Page.GotoAsync($"{LabHub.Url}/");
        }

        await GoAsync("/spokes");
        await Expect(RowOf("oslo")).ToContainTextAsync("Active");
        await DisableAsync("laptop-anna");
        await Page.GotoAsync($"{LabHub.Url}/spokes");
        await Expect(RowOf("turin")).ToContainTextAsync("Active");
        await TakeAsync("spokes");

        await MakeTokenAsync("db-backup");
        await Page.EvaluateAsync("scrollTo(0, 0)");
        await TakeAsync("token");
        Chromium.ExpectNoComplaint();
    }

    private async Task TakeAsync(string name)
    {
        var file = Path.Combine(Folder, $"{name}.png");
        await Page.ScreenshotAsync(new() { Path = file });
        Assert.InRange(new FileInfo(file).Length, 20_000, 400_000);
    }
}
