using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Architecture;

/// <summary>Below a path no address leads out of it, in whatever attribute or header it stands: every page and fragment that there is, and will be.</summary>
public sealed partial class RootedAddressTests : HubTest
{
    private const string Under = "/a/b";

    /// <summary>What people type or read, and no address.</summary>
    private static readonly string[] Words = ["value", "placeholder", "title", "alt"];

    private readonly SortedSet<string> _seen = [];
    private readonly List<string> _faults = [];

    private protected override TestHub Make() => new() { Settings = { ["Web:PublicUrl"] = $"https://hub.example.com{Under}" } };

    private static IEnumerable<(string Method, string Path)> Pages =>
        EndpointTests.Decided.Select(row => (row.Data.Item1, row.Data.Item2)).Where(row => !NoPage().IsMatch(row.Item2));

    [Fact]
    public async Task Every_address_that_a_page_or_a_fragment_holds_is_below_the_path()
    {
        var spoke = await Hub.EnrolAsync();
        var (_, token, _) = await Hub.TokenAsync();
        foreach (var role in (string[])[Roles.Admin, Roles.Operator, Roles.Viewer])
        {
            var person = await Hub.PersonAsync(role);
            await WalkAsync(person.Browser, [$"/join/{token}", $"/join/{spoke.Token}", $"/join/{token}x", "/nowhere"]);
        }

        await WalkAsync(Hub.Nobody, [$"/join/{token}"]);

        Assert.Empty(_faults);
        Assert.Contains("/spokes/{id}/diagnosis", _seen);
        Assert.Empty(Pages.Where(page => page.Method == "GET" && !page.Path.Contains('{', StringComparison.Ordinal)).Select(page => page.Path).Except(_seen));
    }

    [Fact]
    public async Task Every_answer_to_a_form_is_below_the_path()
    {
        foreach (var (_, path) in Pages.Where(page => page.Method == "POST"))
        {
            foreach (var isHtmx in (bool[])[false, true])
            {
                var person = await Hub.PersonAsync(Roles.Admin);
                (string, string)[] headers = [("X-CSRF", person.Antiforgery), .. isHtmx ? [("HX-Request", "true")] : Array.Empty<(string, string)>()];
                using var form = new FormUrlEncodedContent([new("Fields.SpokeName", Enrolling.NewName())]);
                Look($"POST {path}", await person.Browser.SendAsync(HttpMethod.Post, Under + path, form, headers));
            }
        }

        Assert.Empty(_faults);
        Assert.NotEmpty(_seen);
    }

    /// <summary>A script finds what it asks for beside itself, or in an attribute of the page.</summary>
    [Fact]
    public void No_script_names_an_address_from_the_root_on() =>
        Assert.Empty(Sources.OfAll(".js").Where(file => file.Path.StartsWith("wwwroot/", StringComparison.Ordinal))
            .SelectMany(file => RootedText().Matches(file.Text), (file, found) => $"{file}: {found.Value}"));

    /// <summary>The framework's way forgets the path of the hub: <see cref="HubAddresses.Below"/>.</summary>
    [Fact]
    public void No_address_of_the_hub_is_made_by_a_constructor() =>
        Assert.Empty(Sources.OfTheHub(".cs", ".cshtml").SelectMany(file => RootedUri().Matches(file.Text), (file, found) => $"{file}: {found.Value}"));

    private async Task WalkAsync(ApiClient browser, string[] more)
    {
        var known = Pages.Select(page => page.Path).Where(path => !path.Contains('{', StringComparison.Ordinal));
        Queue<string> ahead = new(known.Concat(more).Distinct().Select(path => Under + path));
        HashSet<string> met = [.. ahead];
        while (ahead.TryDequeue(out var path))
        {
            foreach (var isHtmx in (bool[])[false, true])
            {
                var answer = await browser.SendAsync(HttpMethod.Get, path, null, isHtmx ? [("HX-Request", "true")] : []);
                foreach (var link in Look(path, answer).Where(link => !NoPage().IsMatch(link[Under.Length..]) && met.Add(link)))
                {
                    ahead.Enqueue(link);
                }
            }

            _seen.Add(Id().Replace(path[Under.Length..].Split('?')[0], "{id}"));
        }
    }

    /// <returns>Where it leads to.</returns>
    private List<string> Look(string from, Answer answer)
    {
        List<string> found = [];
        _seen.Add($"{answer.Status}");
        if (answer.Status >= HttpStatusCode.InternalServerError)
        {
            _faults.Add($"{from}: {answer.Status}");
        }

        foreach (var header in answer.Headers.Where(header => header.Key is "Location" || header.Key.StartsWith("HX-", StringComparison.Ordinal)))
        {
            Note($"{from}: {header.Key}", header.Value.First(), found);
        }

        var page = answer.ContentType == "text/html" ? new HtmlParser().ParseDocument(answer.Body).All.ToList() : [];
        foreach (var (element, attribute) in page.SelectMany(one => one.Attributes, (one, attribute) => (one, attribute)))
        {
            if (!Words.Contains(attribute.Name))
            {
                Note($"{from}: {element.LocalName} {attribute.Name}", attribute.Value, found);
            }
        }

        return [.. found.Select(link => link.Split('#')[0])];
    }

    private void Note(string where, string address, List<string> found)
    {
        if (address.StartsWith($"{Under}/", StringComparison.Ordinal) && !address.StartsWith(Under + Under, StringComparison.Ordinal))
        {
            found.Add(address);
        }
        else if (address.StartsWith('/') || address.Contains("url=/", StringComparison.OrdinalIgnoreCase))
        {
            _faults.Add($"{where}: {address}");
        }
    }

    [GeneratedRegex("^/(api/|a/|i/|openapi/|healthz|readyz|metrics|\\{)")]
    private static partial Regex NoPage();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex("""['"`]/[a-z][^'"`]*""")]
    private static partial Regex RootedText();

    [GeneratedRegex("""new(?: Uri)?\([^"\n]*(?:[uU]rl|[aA]ddress)\b[^"\n]*, (?:\$?"/[^"]*|\w*[pP]ath\b)""")]
    private static partial Regex RootedUri();
}
