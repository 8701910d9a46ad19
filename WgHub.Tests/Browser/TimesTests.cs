using System.Globalization;
using System.Text.RegularExpressions;
using WgHub.Lab;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>A person reads times as their own clock has them.</summary>
[Trait("Kind", "Browser")]
public sealed partial class TimesTests : BrowserTest
{
    [Fact]
    public async Task A_moment_is_told_in_the_browsers_own_time_also_in_what_comes_later()
    {
        await StartAsync(new() { TimezoneId = "Asia/Kolkata", Locale = "en-GB" });
        await SetUpAsync();

        await Page.GotoAsync($"{LabHub.Url}/audit");
        await HasOwnTimeAsync();
        await Page.GetByRole(Microsoft.Playwright.AriaRole.Searchbox).FillAsync("ada");
        await Expect(Page).ToHaveURLAsync(new Regex("q=ada"));
        await HasOwnTimeAsync();
        Chromium.ExpectNoComplaint();
    }

    [Fact]
    public async Task Without_script_it_says_UTC()
    {
        await StartAsync(new() { TimezoneId = "Asia/Kolkata", JavaScriptEnabled = false });
        await SetUpAsync();

        await Page.GotoAsync($"{LabHub.Url}/audit");

        await Expect(Page.Locator("#audit time").First).ToHaveTextAsync(Utc());
    }

    private async Task HasOwnTimeAsync()
    {
        var time = Page.Locator("#audit tbody time").First;
        var moment = DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture).ToOffset(new(5, 30, 0));
        await Expect(time).ToHaveTextAsync(moment.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture));
        await Expect(time).ToHaveAttributeAsync("title", Utc());
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d UTC$")]
    private static partial Regex Utc();
}
