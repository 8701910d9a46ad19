using Microsoft.Playwright;
using WgHub.Lab;
using WgHub.Web;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>Many spokes and tokens at once, by check boxes and lists.</summary>
[Trait("Kind", "Browser")]
public sealed class FleetTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";

    private LabNet _lab = null!;
    private Chromium _chromium = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LabHub Hub { get; set; } = null!;

    private IPage Page => _chromium.Page;

    public async ValueTask InitializeAsync()
    {
        _lab = await LabNet.CreateAsync(Cancel);
        Hub = await _lab.StartHubAsync(new Dictionary<string, string> { ["Limits__TokensPerHourPerIp"] = "0" }, Cancel);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chosen_spokes_are_changed_together_and_a_removal_asks_first(bool hasScript)
    {
        await StartAsync(hasScript);
        await EnrolAsync("oslo", "turin", "lyon");

        await ChooseAsync("oslo", "turin");
        await Page.GetByLabel("What to do").SelectOptionAsync("addTag");
        await Expect(Page.GetByLabel("End, UTC; empty for never")).ToBeHiddenAsync();
        await Page.GetByLabel("Group, owner or tags").FillAsync("berlin, laptop");
        await PressAsync("Apply");
        await Expect(RowOf("turin")).ToContainTextAsync("berlin");
        await Expect(RowOf("lyon")).Not.ToContainTextAsync("berlin");

        await Page.GotoAsync("/spokes?tag=laptop");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Change all 2…" }).ClickAsync();
        await Page.GetByLabel("What to do").SelectOptionAsync("remove");
        await PressAsync("Apply to 2 spokes");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Remove 2 spokes?" })).ToBeVisibleAsync();
        await PressAsync("Remove 2 spokes");
        await Expect(Page.GetByText("No spoke is like that")).ToBeVisibleAsync();
        await Page.GotoAsync("/spokes");
        await Expect(RowOf("lyon")).ToBeVisibleAsync();
        await Expect(RowOf("oslo")).ToBeHiddenAsync();
        _chromium.ExpectNoComplaint();
    }

    [Fact]
    public async Task What_is_chosen_stays_so_while_the_list_renews_itself()
    {
        await StartAsync(hasScript: true);
        await EnrolAsync("oslo", "turin");
        await ChooseAsync("oslo");

        using (var api = await Hub.SignInAsync(Roles.Operator, Cancel))
        {
            await api.ChangeSpokeAsync((await api.FindSpokeAsync("turin", Cancel)).Id, new() { ["enabled"] = false }, Cancel);
        }

        await Expect(RowOf("turin")).ToContainTextAsync("Disabled"); // the list was renewed
        await Expect(Page.GetByLabel("Choose oslo")).ToBeCheckedAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Apply" })).ToBeVisibleAsync();
        _chromium.ExpectNoComplaint();
    }

    [Fact]
    public async Task A_list_becomes_a_file_and_a_printed_page_for_each()
    {
        await StartAsync(hasScript: true);
        await Page.GotoAsync("/tokens/import");
        await Page.GetByLabel("Or a file").SetInputFilesAsync(new FilePayload
        {
            Name = "laptops.csv",
            MimeType = "text/csv",
            Buffer = "spokeName;owner;platform\r\nlaptop-1;Kim Lee;linux\r\nlaptop-2;Sam Roe;\r\nlaptop-3;;android\r\n"u8.ToArray(),
        });
        await PressAsync("Look it through");
        await Expect(Page.GetByText("3 rows, all good.")).ToBeVisibleAsync();
        await PressAsync("Make 3 tokens");

        await Expect(Page.Locator(".sheet")).ToHaveCountAsync(3);
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = "Save as a file" }).ClickAsync());
        var file = Path.Combine(_lab.Home.FullName, "tokens.csv");
        await download.SaveAsAsync(file);
        Assert.Equal("tokens.csv", download.SuggestedFilename);
        Assert.Equal(4, Csv.Read(await File.ReadAllTextAsync(file, Cancel)).Count);

        await Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(Page.Locator("header.header")).ToBeHiddenAsync();
        Assert.Equal(3, Pages(await Page.PdfAsync(new() { Format = "A4" })));
        _chromium.ExpectNoComplaint();
    }

    private async Task StartAsync(bool hasScript)
    {
        _chromium = await Chromium.StartAsync(_lab, new() { JavaScriptEnabled = hasScript });
        await Page.GotoAsync("/");
        await Page.GetByLabel("Set-up code").FillAsync((await Hub.CommandAsync(["setup-code"], Cancel)).OrThrow().Trim());
        await Page.GetByLabel("Your name").FillAsync("ada");
        await Page.GetByLabel("Password").FillAsync(Password);
        await PressAsync("Set up");
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/");
    }

    private async Task EnrolAsync(params string[] names)
    {
        using var api = await Hub.SignInAsync(Roles.Operator, Cancel);
        foreach (var name in names)
        {
            await api.RegisterAsync((await api.CreateTokenAsync(name, Cancel)).Secret, LabApi.NewPublicKey(), Cancel);
        }
    }

    private async Task ChooseAsync(params string[] names)
    {
        await Page.GotoAsync("/spokes");
        foreach (var name in names)
        {
            await Page.GetByLabel($"Choose {name}").CheckAsync();
        }
    }

    private ILocator RowOf(string spokeName) => Page.GetByRole(AriaRole.Row).Filter(new() { HasText = spokeName });

    private Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <summary>Number of pages: each is an object of that type.</summary>
    private static int Pages(byte[] pdf) => System.Text.RegularExpressions.Regex.Count(System.Text.Encoding.Latin1.GetString(pdf), @"/Type\s*/Page\b(?!s)");
}
