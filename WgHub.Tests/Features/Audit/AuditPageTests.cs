using System.Net;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.Logging;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Features.Audit;

public sealed class AuditPageTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task It_tells_who_did_what_from_where_and_how_it_was_before()
    {
        var spoke = await hub.EnrolAsync();
        await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { name = $"{spoke.Name}-b" });

        var row = (await RowsAsync($"q={spoke.Name}&event=spoke.changed")).Single();

        Assert.Equal(
            ["API token test operator", "127.0.0.1", "A spoke was changed.", $"spoke {spoke.Name}-b", $"renamed {spoke.Name} → {spoke.Name}-b"], row[1..]);
    }

    [Fact]
    public async Task A_search_finds_in_every_column_and_knows_no_wild_cards()
    {
        var spoke = await hub.EnrolAsync();
        var today = TimeProvider.System.GetUtcNow();

        Assert.Equal(2, (await RowsAsync($"q={spoke.Name.ToUpperInvariant()}")).Count(
            row => row[3] is "An installation token was made." or "A spoke registered."));
        Assert.NotEmpty(await RowsAsync("q=127.0.0"));
        Assert.Empty(await RowsAsync("q=%25"));
        Assert.Empty(await RowsAsync("until=2020-01-01"));
        Assert.NotEmpty(await RowsAsync($"since={today:yyyy-MM-dd}&until={today.AddDays(1):yyyy-MM-dd}"));
    }

    [Fact]
    public async Task What_somebody_else_named_is_text_and_no_markup()
    {
        await hub.Database.WriteAsync(
            new Actor("oidc:<img src=x onerror=alert(1)>", "192.0.2.9"),
            tx => tx.Audit(new("y", LogLevel.Information, SubjectKind.Unknown, ""), Subject.None, ("name", "<script>")), Cancel);

        var page = await hub.Viewer.GetAsync("/audit?event=y");

        Assert.DoesNotContain("<img src=x", page.Body, StringComparison.Ordinal);
        Assert.Equal("<img src=x onerror=alert(1)>", (await RowsAsync("event=y")).Single()[1]);
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=999999999")]
    [InlineData("since=nonsense&until=9999-12-31")]
    [InlineData("event=no%00such")]
    [InlineData("subject=no%00such")]
    [InlineData("subject=%E2%80%AE&actor=x")]
    public async Task An_address_that_somebody_typed_is_a_page_and_no_fault(string query) =>
        (await hub.Viewer.GetAsync($"/audit?{query}")).Expect(HttpStatusCode.OK);

    private async Task<List<List<string>>> RowsAsync(string query)
    {
        var page = (await hub.Viewer.GetAsync($"/audit?{query}")).Expect(HttpStatusCode.OK);
        using var document = await new HtmlParser().ParseDocumentAsync(page.Body, Cancel);
        return [.. document.QuerySelectorAll("#audit tbody tr")
            .Select(
                row =>
                    row.QuerySelectorAll("td")
                        .Select(cell => string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
                        .ToList())];
    }
}
