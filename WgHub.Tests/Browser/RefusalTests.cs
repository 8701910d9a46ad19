using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WgHub.Features.Diagnosis;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Lab;
using WgHub.TestKit;
using static Microsoft.Playwright.Assertions;

namespace WgHub.Browser;

/// <summary>What the walk over the pages does not come by: refusals, and each colour that words can have, in whatever state it shows.</summary>
[Trait("Kind", "Browser")]
public sealed partial class RefusalTests : BrowserTest
{
    private readonly List<string> _faults = [];

    private protected override Dictionary<string, string> Settings => new() { ["Limits__ScriptsPerMinutePerIp"] = "1" };

    [Fact]
    public async Task A_refusal_is_a_page_of_its_own_for_everybody()
    {
        await StartAsync();
        await SetUpAsync();
        await RefuseAsync(isSignedIn: true);

        await Page.GotoAsync("/users/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("eve");
        await Page.GetByLabel("Role").SelectOptionAsync("viewer");
        await Page.GetByLabel("Password").FillAsync(Password);
        await PressAsync("Add");
        await Page.GotoAsync("/signout");
        await Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/signin");
        await RefuseAsync(isSignedIn: false);

        await Page.GotoAsync("/signin");
        await SignInAsync("eve");
        await Expect(Page).ToHaveURLAsync($"{LabHub.Url}/");
        await LookAsync(403, () => Page.GotoAsync("/users"), isSignedIn: true);

        // A hub that fails: its database is gone.
        File.Move(Path.Combine(Hub.DataFolder, "wghub.db"), Path.Combine(Hub.DataFolder, "gone.db"));
        await Page.GotoAsync("/");
        await Expect(Page.GetByText("The hub has lost its database.")).ToBeVisibleAsync();
        _faults.AddRange(await PageLook.FaultsAsync(Page, isThorough: true));
        await Page.GotoAsync("/signout");
        await LookAsync(503, () => GoByAsync(() => Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).ClickAsync()), isSignedIn: true);

        Assert.True(_faults.Count == 0, string.Join('\n', _faults));
        Assert.DoesNotContain(Chromium.Complaints, said => said.Contains("CSP", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_colour_of_words_can_be_read_on_every_ground()
    {
        string[] states =
        [
            .. Enum.GetNames<SpokeStatus>(), .. Enum.GetNames<TokenState>(), .. Enum.GetNames<FindingLevel>(), "Failing",
        ];
        var classes = Directory.GetFiles(Repository.PathOf("WgHub/Features"), "*.cshtml", SearchOption.AllDirectories)
            .SelectMany(file => Coloured().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["class"].Value)
            .Where(name => !name.Contains("js-only", StringComparison.Ordinal) && !name.StartsWith("status-dot", StringComparison.Ordinal)
                && !name.Contains("btn-list", StringComparison.Ordinal)) // hold no words
            .Concat(states.Select(state => $"status state-{state}"))
            .Distinct();
        await StartAsync();
        await SetUpAsync();
        await Page.GotoAsync("/docs"); // it polls nothing

        await Page.EvaluateAsync(
            """
            classes => {
              const words = classes.map(name => name.includes('btn') ? `<button type="button" class="${name}">Words</button>`
                : `<div class="${name}">Words${name.includes('alert') ? ', <a href="/">a link</a> and <code>code</code>' : ''}</div>`).join('\n');
              document.querySelector('main').innerHTML = `<h1>Words</h1><p>Words and <a href="/">a link</a></p>${words}
                <div class="card"><div class="card-body">${words}</div></div>
                <table class="table table-hover"><tbody><tr class="active"><td>${words}</td></tr></tbody></table>`;
            }
            """,
            classes);

        _faults.AddRange(await PageLook.FaultsAsync(Page, isThorough: true));
        Assert.True(_faults.Count == 0, string.Join('\n', _faults));
    }

    private async Task RefuseAsync(bool isSignedIn)
    {
        await LookAsync(404, () => Page.GotoAsync("/nowhere"), isSignedIn);
        await LookAsync(400, () => SendAsync("/signin"), isSignedIn); // without the page's own secret
        await Page.GotoAsync("/join/unknown");
        await LookAsync(429, () => Page.GotoAsync("/join/unknown"), isSignedIn);
        await Page.GotoAsync("about:blank"); // another site
        await LookAsync(403, () => SendAsync($"{LabHub.Url}/signin"), isSignedIn: false);
    }

    /// <summary>Sends a form that the hub did not make.</summary>
    private Task<IResponse?> SendAsync(string address) => GoByAsync(() => Page.EvaluateAsync(
        """
        address => {
          const form = document.createElement('form');
          Object.assign(form, { method: 'post', action: address });
          document.body.append(form);
          form.submit();
        }
        """,
        address));

    /// <summary>Leaves the page by what is done on it.</summary>
    private async Task<IResponse?> GoByAsync(Func<Task> act)
    {
        var answer = await Page.RunAndWaitForResponseAsync(act, answer => answer.Request.IsNavigationRequest);
        await answer.FinishedAsync();
        await Page.WaitForLoadStateAsync();
        return answer;
    }

    private async Task LookAsync(int status, Func<Task<IResponse?>> ask, bool isSignedIn)
    {
        var answer = await ask();
        Assert.Equal(status, answer?.Status);
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
        await Expect(Page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Link, new() { Name = "WgHub" })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(isSignedIn ? 1 : 0);
        var way = isSignedIn ? "To the dashboard" : "To the start";
        await Expect(Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = way })).ToBeVisibleAsync();
        _faults.AddRange(await PageLook.FaultsAsync(Page, isThorough: true));
    }

    /// <summary>A class that colours words, or their ground.</summary>
    [GeneratedRegex(
        "class=\"(?<class>(?=[^\"]*\\b(btn|badge|alert|status|text|form-hint|field-problem|expiring|nav-link|datagrid-title|page-pretitle|datacenter"
        + "|form-label-description|empty-subtitle)\\b)[^\"@]+)\"")]
    private static partial Regex Coloured();
}
