using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Audit;

public sealed class AuditTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task Every_change_is_there_with_who_and_from_where()
    {
        var spoke = await hub.EnrolAsync();
        await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { name = "other", enabled = false });
        await hub.Operator.DeleteAsync($"/api/spoke/{spoke.Id}");

        var audit = (await hub.Viewer.GetAsync("/api/audit")).Expect(HttpStatusCode.OK);

        Assert.Equal(["entries", "total", "page", "pageSize"], audit.Members());
        var entries = audit.At("entries")
            .EnumerateArray()
            .Take(4)
            .Select(entry => (entry.GetProperty("event").GetString(), entry.GetProperty("actor").GetString(), entry.GetProperty("address").GetString()))
            .ToList();
        Assert.Equal(
            [
                ("spoke.removed", "api:test operator", "127.0.0.1"),
                ("spoke.changed", "api:test operator", "127.0.0.1"),
                ("spoke.registered", $"spoke:{spoke.Name}", "127.0.0.1"),
                ("token.created", "api:test operator", "127.0.0.1"),
            ],
            entries);
    }

    [Fact]
    public async Task It_is_filtered_by_event_actor_and_time()
    {
        await hub.EnrolAsync();

        var byEvent = await hub.Viewer.GetAsync("/api/audit?event=hub.initialized");
        var byActor = await hub.Viewer.GetAsync("/api/audit?actor=cli&pageSize=2");
        var late = await hub.Viewer.GetAsync("/api/audit?since=2099-01-01T00:00:00Z");

        Assert.Equal(("1", "3", "0"), (byEvent.Text("total"), byActor.Text("total"), late.Text("total")));   // cli made three API tokens
        Assert.Equal(2, byActor.At("entries").GetArrayLength());
        Assert.Equal(
            ["id", "at", "actor", "address", "event", "subject", "detail"],
            byEvent.At("entries")[0].EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("since=yesterday")]
    [InlineData("page=0")]
    public async Task What_is_no_time_or_page_is_refused(string query) =>
        (await hub.Viewer.GetAsync($"/api/audit?{query}")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

    [Fact]
    public async Task A_refused_change_leaves_no_entry()
    {
        var before = (await hub.Viewer.GetAsync("/api/audit")).Text("total");

        (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = "a b" })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        (await hub.Operator.DeleteAsync("/api/spoke/none")).Expect(HttpStatusCode.NotFound, "NOT_FOUND");

        Assert.Equal(before, (await hub.Viewer.GetAsync("/api/audit")).Text("total"));
    }
}
