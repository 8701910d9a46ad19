using Microsoft.Playwright;
using WgHub.Lab;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>Pages that renew themselves, before a hub that changes, stands still, or is not heard any more.</summary>
[Trait("Kind", "Browser")]
public sealed class LiveTests : BrowserTest
{
    /// <summary>Nothing comes, and nothing is refused either: as behind a cable that somebody pulled.</summary>
    [Fact]
    public async Task A_hub_that_falls_silent_is_told_and_taken_back()
    {
        await StartAsync();
        await SetUpAsync();
        var lost = Page.GetByText("The hub does not answer.");
        await Expect(lost).ToBeHiddenAsync();

        await Hub.SignalAsync("STOP", Cancel);
        await Expect(lost).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Hub.SignalAsync("CONT", Cancel);
        await Expect(lost).ToBeHiddenAsync(new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task A_list_that_stands_still_is_not_sent_again_and_a_change_shows()
    {
        await StartAsync();
        await SetUpAsync();
        await RegisterAsync(await MakeTokenAsync("oslo"));
        await GoAsync("/spokes");
        await StandsStillAsync();
        using (var api = await Hub.SignInAsync("operator", Cancel))
        {
            await api.ChangeSpokeAsync((await api.FindSpokeAsync("oslo", Cancel)).Id, new() { ["enabled"] = false }, Cancel);
        }

        await Expect(RowOf("oslo")).ToContainTextAsync("Disabled");
        await PressAsync("Enable");
        await Expect(RowOf("oslo")).ToContainTextAsync("Pending");
        await StandsStillAsync();
        await Page.GetByRole(AriaRole.Searchbox).FillAsync("os");
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/spokes?q=os"); // with no empty parts
        await StandsStillAsync();
        Chromium.ExpectNoComplaint();

        Task<IResponse> StandsStillAsync() => Page.WaitForResponseAsync(answer => answer.Status == 304);
    }
}
