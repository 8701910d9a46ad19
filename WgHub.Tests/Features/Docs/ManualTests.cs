using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using WgHub.Cli.Remote;
using WgHub.Hosting;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Docs;

/// <summary>The manual that the hub serves, and that it says what the code does.</summary>
public sealed partial class ManualTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task Every_chapter_is_served_and_no_link_of_it_leads_nowhere()
    {
        var manual = hub.Get<Manual>();
        var chapters = Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.PathOf("docs"), file)[..^3]).ToList();
        Assert.NotEmpty(chapters);

        var broken = new List<string>();
        foreach (var chapter in chapters)
        {
            var page = await PageAsync($"/docs/{chapter}");
            Assert.Empty(page.QuerySelectorAll(".manual script, .manual [style]"));
            var links = page.QuerySelectorAll(".manual a").Select(a => a.GetAttribute("href")!);
            foreach (var link in links.Where(href => !href.StartsWith("https://", StringComparison.Ordinal)))
            {
                var to = new Uri(new Uri($"http://hub/docs/{chapter}"), link);
                var name = to.AbsolutePath.StartsWith("/docs/", StringComparison.Ordinal) ? to.AbsolutePath["/docs/".Length..] : "";
                if (manual.Find(name) is not { } found || !Has(manual.HtmlOf(found), Uri.UnescapeDataString(to.Fragment.TrimStart('#'))))
                {
                    broken.Add($"{chapter}: {link}");
                }
            }
        }

        Assert.Empty(broken);
    }

    /// <summary>Where the manual's pages lie as files, a link is one to a file that is there.</summary>
    [Fact]
    public void No_link_between_the_files_leads_nowhere() => Assert.Empty(
        Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories).Append(Repository.PathOf("README.md"))
            .SelectMany(file => Link().Matches(File.ReadAllText(file)).Select(link => (file, to: link.Groups["to"].Value)))
            .Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(link.file)!, link.to)))
            .Select(link => $"{Path.GetFileName(link.file)}: {link.to}"));

    [Fact]
    public async Task Every_page_leads_to_its_chapter()
    {
        var navigation = hub.Get<Navigation>();
        Assert.Empty(navigation.All.Where(item => item.Chapter is { } chapter && hub.Get<Manual>().Find(chapter) is null).Select(item => item.Path));
        Assert.Equal("/docs/policy", (await PageAsync("/policy")).QuerySelector("footer a")!.GetAttribute("href"));
        Assert.Equal("/docs/sign-in", (await PageAsync("/users/new")).QuerySelector("footer a")!.GetAttribute("href"));
        Assert.Equal("/docs", (await PageAsync("/")).QuerySelector("footer a")!.GetAttribute("href"));
    }

    [Theory]
    [InlineData("/docs/none")]
    [InlineData("/docs/../README")]
    [InlineData("/docs/..%2f..%2fREADME")]
    [InlineData("/docs/adr/")]
    public async Task What_is_no_chapter_is_not_found(string path) => (await hub.Viewer.GetAsync(path)).Expect(HttpStatusCode.NotFound);

    [Fact]
    public void Every_setting_is_told_and_nothing_else()
    {
        var known = hub.Get<IEnumerable<KnownSettings>>().SelectMany(settings => settings.Names).ToHashSet();
        var told = File.ReadLines(Repository.PathOf("docs/settings.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Concat(File.ReadLines(Repository.PathOf("docs/backup.md"))).Concat(File.ReadLines(Repository.PathOf("docs/notifications.md")))
            .Select(line => line.Split(" | ")[0]).SelectMany(SettingsIn).ToHashSet();

        Assert.Empty(known.Except(told).Order());
        Assert.Empty(File.ReadLines(Repository.PathOf("docs/settings.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split(" | ")[0]).SelectMany(SettingsIn).Except(known).Order());
    }

    [Fact]
    public void Every_command_is_told()
    {
        var text = File.ReadAllText(Repository.PathOf("docs/cli.md"));

        var nouns = Nouns.All.Append(RuleCommand.Rule).Select(noun => noun.Name);
        Assert.All(nouns, noun => Assert.Contains($"`{noun}`", text, StringComparison.Ordinal));
        Assert.All(Nouns.Everywhere.SelectMany(noun => noun.Verbs), verb => Assert.Matches($"[` ]{verb.Name}`", text));
    }

    private static bool Has(string html, string anchor) => anchor.Length == 0 || new HtmlParser().ParseDocument(html).GetElementById(anchor) is not null;

    /// <summary><c>Section:A</c> · <c>B</c> are two of one section.</summary>
    private static IEnumerable<string> SettingsIn(string cell)
    {
        var section = "";
        foreach (var word in Word().Matches(cell).Select(match => match.Groups["word"].Value))
        {
            section = word.Contains(':', StringComparison.Ordinal) ? word.Split(':')[0] : section;
            if (section.Length > 0)
            {
                yield return word.Contains(':', StringComparison.Ordinal) ? word : $"{section}:{word}";
            }
        }
    }

    private async Task<IDocument> PageAsync(string path) => await new HtmlParser().ParseDocumentAsync(
        (await (await hub.PersonAsync(Roles.Admin)).GetAsync(path)).Expect(HttpStatusCode.OK).Body, Cancel);

    [GeneratedRegex(@"\]\((?!https?://|#)(?<to>[^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex("`(?<word>[A-Z][A-Za-z0-9]+(:[A-Z][A-Za-z0-9]+)?)`")]
    private static partial Regex Word();
}
