using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Features.Audit;

public sealed class AuditExportTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task Json_lines_hold_every_entry_with_its_place_in_the_chain()
    {
        await hub.EnrolAsync();

        var export = (await hub.Viewer.GetAsync("/api/audit/export?format=jsonl")).Expect(HttpStatusCode.OK);
        var lines = export.Body.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.Equal("attachment; filename=wghub-audit.jsonl", export.ContentHeaders.ContentDisposition?.ToString());
        Assert.Equal(
            ["id", "at", "actor", "address", "event", "subject", "detail", "sequence", "hash"], lines[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(Enumerable.Range(1, lines.Count).Reverse(), lines.Select(line => line.GetProperty("sequence").GetInt32()));
        Assert.Equal(hub.Get<Events>().Head.Hash, lines[0].GetProperty("hash").GetString());
        Assert.EndsWith("Z", lines[0].GetProperty("at").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_filter_of_the_page_holds_for_the_file()
    {
        var spoke = await hub.EnrolAsync();

        var registered = (await hub.Viewer.GetAsync($"/api/audit/export?format=csv&event=spoke.registered&q={spoke.Name}"))
            .Expect(HttpStatusCode.OK)
            .Body.Split("\r\n");
        var late = (await hub.Viewer.GetAsync("/api/audit/export?since=2099-01-01T00:00:00Z")).Expect(HttpStatusCode.OK).Body;

        Assert.Equal("sequence,at,actor,address,event,subject,detail,hash", registered[0]);
        Assert.Contains($",spoke:{spoke.Name},127.0.0.1,spoke.registered,{spoke.Id},", registered[1], StringComparison.Ordinal);
        Assert.Equal([""], registered[2..]);
        Assert.Equal("sequence,at,actor,address,event,subject,detail,hash\r\n", late);
    }

    [Fact]
    public async Task A_name_that_a_spreadsheet_would_run_is_a_text()
    {
        var x = new AuditEvent("x", LogLevel.Information, SubjectKind.Unknown, "");
        await hub.Database.WriteAsync(new Actor("=cmd|' /C calc'!A0", null), tx => tx.Audit(x, Subject.One("a,\"b\"\r\nc")), Cancel);

        var csv = (await hub.Viewer.GetAsync("/api/audit/export?format=csv&event=x")).Body;

        Assert.Contains(",\"'=cmd|' /C calc'!A0\",", csv, StringComparison.Ordinal);
        Assert.Contains(",\"a,\"\"b\"\"\r\nc\",", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_log_comes_whole()
    {
        var many = new AuditEvent("many", LogLevel.Information, SubjectKind.Unknown, "");
        await hub.Database.WriteAsync(
            tx =>
            {
                for (var i = 0; i < 2_500; i++)
                {
                    tx.Audit(many, Subject.None);
                }
            },
            Cancel);

        Assert.Equal(2_500, (await hub.Viewer.GetAsync("/api/audit/export?format=jsonl&event=many")).Body.Count(c => c == '\n'));
        Assert.Equal(2_501, (await hub.Viewer.GetAsync("/api/audit/export?format=csv&event=many")).Body.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("format=xml")]
    [InlineData("since=yesterday")]
    public async Task What_is_no_format_or_time_is_refused(string query) =>
        (await hub.Viewer.GetAsync($"/api/audit/export?{query}")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
}
