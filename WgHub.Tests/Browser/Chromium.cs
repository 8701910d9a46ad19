using System.Collections.Concurrent;
using Microsoft.Playwright;
using WgHub.Lab;
using WgHub.TestKit;

namespace WgHub.Browser;

/// <summary>A real browser in the network of a lab's hub, with one page, and all that it complained about. It says yes to every question.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    // For what a page shall show; on a busy machine a handshake and its way to the page take some.
    private const float PatienceMilliseconds = 30_000;

    // What a violation of the content security policy would do silently, such as a blocked image, is then heard too.
    private const string TellViolations =
        "addEventListener('securitypolicyviolation', e => console.error(`CSP: ${e.effectiveDirective} ${e.blockedURI}`))";

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly IPlaywright _driver;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright driver, IBrowser browser, IPage page) => (_driver, _browser, Page) = (driver, browser, page);

    public IPage Page { get; }

    /// <summary>
    /// Errors of scripts, errors and warnings on the console, violations of the content security policy, requests to other sites, and answers
    /// that failed.
    /// </summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public void ExpectNoComplaint() => Assert.True(_complaints.IsEmpty, string.Join('\n', _complaints));

    /// <param name="elsewhere">Begins the addresses of another site, whose complaints are not ours; null for none.</param>
    public static async Task<Chromium> StartAsync(LabNet lab, BrowserNewContextOptions options, string? elsewhere = null)
    {
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        var driver = await Playwright.CreateAsync();
        var browser = await driver.Chromium.LaunchAsync(new() { ExecutablePath = WriteLauncher(lab), Args = Arguments });
        options.BaseURL ??= LabHub.Url;
        var context = await browser.NewContextAsync(options);
        await context.AddInitScriptAsync(TellViolations);
        var chromium = new Chromium(driver, browser, await context.NewPageAsync());
        chromium.Listen(context, elsewhere ?? "nowhere");
        return chromium;
    }

    /// <summary>When the test failed: a picture of the page and what the hub wrote, where <c>test.sh</c> keeps its results.</summary>
    /// <param name="which">Of several browsers.</param>
    public async Task KeepIfFailedAsync(LabHub hub, string which = "")
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            var file = Repository.PathOf($"artifacts/test-results/browser/{TestContext.Current.TestMethod!.MethodName}{which}");
            await Page.ScreenshotAsync(new() { Path = $"{file}.png", FullPage = true });
            File.Copy(hub.LogFile, $"{file}.log", overwrite: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _driver.Dispose();
    }

    /// <summary>Playwright starts one file and no command line; this one leads into the hub's network.</summary>
    private static string WriteLauncher(LabNet lab)
    {
        var file = Path.Combine(lab.Home.FullName, "chromium");
        File.WriteAllText(file, $"#!/bin/sh\nexec {string.Join(' ', lab.HubNetwork.Enter(Program))} \"$@\"\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return file;
    }

    private void Listen(IBrowserContext context, string elsewhere)
    {
        context.Dialog += (_, question) => _ = question.AcceptAsync();
        context.WebError += (_, error) => _complaints.Enqueue($"{Page.Url}: {error.Error}");
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !IsElsewhere(Page.Url))
            {
                _complaints.Enqueue($"{Page.Url}: {message.Text}");
            }
        };
        context.Request += (_, request) =>
        {
            if (!request.IsNavigationRequest && !IsElsewhere(Page.Url) && new Uri(request.Url).Authority != new Uri(Page.Url).Authority)
            {
                _complaints.Enqueue($"{Page.Url}: asks for {request.Url}");
            }
        };
        context.Response += (_, answer) =>
        {
            var least = answer.Request.IsNavigationRequest ? 500 : 400; // a page may refuse; what belongs to one is there
            if (answer.Status >= least && !IsElsewhere(answer.Url))
            {
                _complaints.Enqueue($"{answer.Url}: {answer.Status}");
            }
        };

        bool IsElsewhere(string address) => address.StartsWith(elsewhere, StringComparison.Ordinal);
    }
}
