using Microsoft.Playwright;
using WgHub.TestKit;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>
/// Looks at a page light and dark, on a wide screen and on a phone, for what somebody cannot see, reach or hear: by axe-core (npm, in
/// <c>axe/</c>) with all its default rules, WCAG A and AA and good practice, and for what that does not look for.
/// </summary>
internal static class PageLook
{
    private const int Narrow = 390;

    // Too wide for the screen; an id that stands twice; a field or button that a screen reader cannot name.
    private const string FindFaults =
        """
        () => [
          ...document.documentElement.scrollWidth > innerWidth ? [`${document.documentElement.scrollWidth} pixels wide`] : [],
          ...[...document.querySelectorAll('[id]')].filter(e => document.getElementById(e.id) !== e).map(e => `two of #${e.id}`),
          ...[...document.querySelectorAll('input, select, textarea, button')]
            .filter(e => e.checkVisibility() && !e.labels?.length && !e.ariaLabel && !e.textContent.trim()).map(e => `nameless ${e.outerHTML}`),
        ]
        """;

    private const string RunAxe =
        """
        async () => (await axe.run(document, { resultTypes: ['violations'], preload: false })).violations.flatMap(rule => rule.nodes.map(node =>
          `${rule.id}: ${node.target.join(' ')} ${[...node.any, ...node.all, ...node.none].map(check => check.message).join(' ')}`))
        """;

    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(Repository.PathOf("WgHub.Tests/Browser/axe/node_modules/axe-core/axe.min.js")));

    /// <param name="isThorough">Has axe look four times instead of twice.</param>
    public static async Task<IReadOnlyList<string>> FaultsAsync(IPage page, bool isThorough = false)
    {
        // By the debugger, which no content security policy binds: the page's own stays as people have it.
        await page.EvaluateAsync(Axe.Value);
        List<string> faults = [];
        foreach (var width in (int[])[Narrow, 1280])
        {
            await page.SetViewportSizeAsync(width, 844);
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce }); // no colour is on its way to another
                await Expect(page.Locator("html")).ToHaveAttributeAsync("data-bs-theme", scheme.ToString().ToLowerInvariant());
                List<string> found = [.. await page.EvaluateAsync<string[]>(FindFaults)];
                if (isThorough || (width == Narrow) == (scheme == ColorScheme.Light)) // each width and each scheme once; axe takes its time
                {
                    found.AddRange(await page.EvaluateAsync<string[]>(RunAxe));
                }

                faults.AddRange(found.Select(fault => $"{page.Url}, {width} wide, {scheme}: {fault}"));
            }
        }

        return faults;
    }
}
