using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using WgHub.Features.Auth.Admin;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Audit;

/// <summary>Whom an entry is about, also later.</summary>
public sealed class AuditSubjectTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task After_a_rename_each_entry_has_the_name_of_today_the_one_then_and_the_way_there()
    {
        var spoke = await hub.EnrolAsync();
        await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false });
        await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { name = $"{spoke.Name}-b" });
        await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { tags = new[] { "week1" } });

        var rows = await RowsAsync($"subject={spoke.Id}");

        Assert.Equal(
            [$"spoke {spoke.Name}-b", $"spoke {spoke.Name}-b", $"spoke {spoke.Name}-b then {spoke.Name}", $"spoke {spoke.Name}-b then {spoke.Name}"],
            rows.Select(row => Text(row, 4)));
        Assert.Equal(["tags none → week1", $"renamed {spoke.Name} → {spoke.Name}-b", "switched off"], rows.Take(3).Select(row => Text(row, 5)));
        Assert.All(rows, row => Assert.Equal($"/spokes/{spoke.Id}", row.QuerySelectorAll("td")[4].QuerySelector("a")!.GetAttribute("href")));
    }

    [Fact]
    public async Task What_is_removed_keeps_its_last_name_and_leads_nowhere()
    {
        var spoke = await hub.EnrolAsync();
        await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false });
        await hub.Operator.DeleteAsync($"/api/spoke/{spoke.Id}");

        var rows = await RowsAsync($"subject={spoke.Name}&event=spoke.changed");

        Assert.Equal($"spoke {spoke.Name} no longer there", Text(Assert.Single(rows), 4));
        Assert.Empty(rows[0].QuerySelectorAll("td")[4].QuerySelectorAll("a"));
    }

    [Theory]
    [InlineData("/api/audit?subject=")]
    [InlineData("/api/audit?q=")]
    public async Task Entries_are_found_by_any_name_that_their_subject_ever_had(string query)
    {
        var spoke = await hub.EnrolAsync();
        await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { name = $"{spoke.Name}-b" });
        await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { enabled = false });
        string[] changes = ["spoke.changed", "spoke.changed", "spoke.registered"];

        foreach (var name in new[] { spoke.Name, spoke.Name.ToUpperInvariant(), $"{spoke.Name}-b", spoke.Id })
        {
            Assert.Equal(changes, (await EventsAsync(query + name)).Where(told => told.StartsWith("spoke.", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task The_files_hold_what_the_filter_finds()
    {
        var (spoke, _) = (await hub.EnrolAsync(), await hub.EnrolAsync());

        var lines = (await hub.Viewer.GetAsync($"/api/audit/export?format=jsonl&subject={spoke.Id}")).Expect(HttpStatusCode.OK).Body;
        var page = (await hub.Viewer.GetAsync($"/audit?subject={spoke.Id}")).Body;

        Assert.Equal(1, lines.Count(c => c == '\n'));
        Assert.Contains($"/api/audit/export?format=csv&amp;subject={spoke.Id}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_found_says_what_was_looked_for()
    {
        var page = await PageAsync("q=no-such-word&subject=nobody&event=hub.changed&since=2026-01-02");

        Assert.Contains(
            "Looked for entries with “no-such-word” in it, about “nobody”, of the event hub.changed, from 2026-01-02.", Squeeze(page.QuerySelector("#audit")!),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_the_reader_may_not_open_is_named_and_no_link()
    {
        var admin = await hub.PersonAsync(Roles.Admin);
        await hub.Get<AccountService>().AddAsync("greta", Roles.Viewer, LocalAccounts.Password, Actor.Cli, Cancel);

        Assert.DoesNotContain("href=\"/users/", (await hub.Viewer.GetAsync("/audit?subject=greta")).Body, StringComparison.Ordinal);
        Assert.Contains("href=\"/users/", (await admin.GetAsync("/audit?subject=greta")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_of_things_lead_to_their_entries()
    {
        var (admin, spoke) = (await hub.PersonAsync(Roles.Admin), await hub.EnrolAsync());
        foreach (var (page, subject) in new[] { ($"/spokes/{spoke.Id}", spoke.Id), ($"/users/{admin.User.Id}", admin.User.Id) })
        {
            Assert.Contains($"href=\"/audit?subject={subject}\"", (await admin.GetAsync(page)).Body, StringComparison.Ordinal);
        }
    }

    /// <summary>A kind of thing that no room tells of would be told without its name of today, and without a link.</summary>
    [Fact]
    public void Every_kind_of_subject_has_a_room_that_tells_of_it() =>
        Assert.Equal(
            AuditEvents.All.Select(known => known.Of.Word).Distinct().Order(),
            hub.Get<IEnumerable<SubjectSource>>().Select(source => source.Kind.Word).Order());

    private async Task<List<string>> EventsAsync(string path) =>
        [.. (await hub.Viewer.GetAsync(path)).Expect(HttpStatusCode.OK)
            .At("entries").EnumerateArray().Select(entry => entry.GetProperty("event").GetString()!)];

    private async Task<List<IElement>> RowsAsync(string query) => [.. (await PageAsync(query)).QuerySelectorAll("#audit tbody tr")];

    private async Task<IDocument> PageAsync(string query) =>
        await new HtmlParser().ParseDocumentAsync((await hub.Viewer.GetAsync($"/audit?{query}")).Expect(HttpStatusCode.OK).Body, Cancel);

    private static string Text(IElement row, int column) => Squeeze(row.QuerySelectorAll("td")[column]);

    private static string Squeeze(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
