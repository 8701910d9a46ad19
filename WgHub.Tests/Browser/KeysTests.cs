using Microsoft.Playwright;
using WgHub.Lab;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>What single keys do, and that they do nothing where somebody writes.</summary>
[Trait("Kind", "Browser")]
public sealed class KeysTests : BrowserTest
{
    [Fact]
    public async Task Keys_search_list_themselves_and_go_to_pages()
    {
        await StartAsync();
        await SetUpAsync();
        foreach (var (key, path) in new[] { ("s", "/spokes"), ("t", "/tokens"), ("c", "/clusters"), ("a", "/audit"), ("d", "/") })
        {
            await TypeAsync("g", key);
            await Expect(Page).ToHaveURLAsync($"{LabHub.Url}{path}");
        }

        await TypeAsync("/"); // no list to search here
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/");
        await TypeAsync("g", "s");
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/spokes");
        await TypeAsync("/");
        var search = Page.GetByRole(AriaRole.Searchbox);
        await Expect(search).ToBeFocusedAsync();
        await Expect(search).ToHaveValueAsync("");

        // Whoever writes, writes.
        await TypeAsync("g", "t", "/", "?");
        await Expect(search).ToHaveValueAsync("gt/?");
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/spokes"));
        var list = Page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" });
        await Expect(list).ToBeHiddenAsync();

        await search.FillAsync("");
        await search.EvaluateAsync("field => field.blur()");
        await TypeAsync("?");
        await Expect(list).ToContainTextAsync("Search this list");
        await Expect(list).ToContainTextAsync("Audit");
        await TypeAsync("g", "t"); // the list is in front
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/spokes"));
        await TypeAsync("Escape");
        await Expect(list).ToBeHiddenAsync();
        Chromium.ExpectNoComplaint();
    }

    [Fact]
    public async Task A_key_with_another_one_held_or_long_after_g_is_none_and_all_can_be_switched_off()
    {
        await StartAsync();
        await SetUpAsync();
        await TypeAsync("g", "Control+s", "s");
        await TypeAsync("g");
        await Page.WaitForTimeoutAsync(2_000);
        await TypeAsync("s");
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Keys", Exact = true }).ClickAsync();
        await Page.GetByLabel("Keys are on").UncheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await TypeAsync("g", "s", "?");
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/");
        await Page.ReloadAsync();
        await TypeAsync("g", "s");
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/");
        Chromium.ExpectNoComplaint();
    }

    private async Task TypeAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            await Page.Keyboard.PressAsync(key);
        }
    }
}
