using Microsoft.Playwright;
using WgHub.Lab;
using WgHub.Web;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>Many spokes and tokens at once, by check boxes and lists.</summary>
[Trait("Kind", "Browser")]
public sealed class FleetTests : BrowserTest
{
    private protected override Dictionary<string, string> Settings => new() { ["Limits__TokensPerHourPerIp"] = "0" };

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
        await Page.GetByLabel("Group, owner, tags or routes").FillAsync("berlin, laptop");
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
        Chromium.ExpectNoComplaint();
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
        Chromium.ExpectNoComplaint();
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
        var file = Path.Combine(Lab.Home.FullName, "tokens.csv");
        await download.SaveAsAsync(file);
        Assert.Equal("tokens.csv", download.SuggestedFilename);
        Assert.Equal(4, Csv.Read(await File.ReadAllTextAsync(file, Cancel)).Count);

        await Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(Page.Locator("header.header")).ToBeHiddenAsync();
        Assert.Equal(3, Pages(await Page.PdfAsync(new() { Format = "A4" })));
        Chromium.ExpectNoComplaint();
    }

    private async Task StartAsync(bool hasScript)
    {
        await StartAsync(new BrowserNewContextOptions { JavaScriptEnabled = hasScript });
        await SetUpAsync();
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

    /// <summary>Number of pages: each is an object of that type.</summary>
    private static int Pages(byte[] pdf) => System.Text.RegularExpressions.Regex.Count(System.Text.Encoding.Latin1.GetString(pdf), @"/Type\s*/Page\b(?!s)");
}
