using System.Net;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Spokes;

public sealed class BulkTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task Many_are_changed_at_once_and_the_interface_agrees_when_the_answer_comes()
    {
        var spokes = await EnrolAsync(3);
        string[] ids = [.. spokes.Select(spoke => spoke.Id), "gone", spokes[0].Id];
        await hub.Operator.PatchAsync($"/api/spoke/{spokes[2].Id}", new { enabled = false });

        var off = (await BulkAsync(new { ids, action = "disable" })).Expect(HttpStatusCode.OK);

        Assert.Equal(["changed", "changed", "unchanged", "notFound"], Results(off));
        Assert.Equal("2 of 4 spokes changed.", off.Text("message"));
        var live = await Wg.PeersAsync(hub.Interface);
        Assert.DoesNotContain(spokes, spoke => live.ContainsKey(spoke.Key));

        (await BulkAsync(new { ids, action = "enable" })).Expect(HttpStatusCode.OK);
        live = await Wg.PeersAsync(hub.Interface);
        Assert.All(spokes, spoke => Assert.Equal($"{spoke.Address}/32", live[spoke.Key]));
    }

    [Fact]
    public async Task Each_label_and_the_end_can_be_set_and_taken_away()
    {
        var spokes = await EnrolAsync(2);
        string[] ids = [.. spokes.Select(spoke => spoke.Id)];

        foreach (
            var (action, value) in new[] { ("setGroup", "fleet"), ("setOwner", "Kim"), ("addTag", "a,b"), ("removeTag", "a"), ("setExpiry", "2099-01-31") })
        {
            Assert.Equal(["changed", "changed"], Results((await BulkAsync(new { ids, action, value })).Expect(HttpStatusCode.OK)));
        }

        var after = await hub.Viewer.GetAsync($"/api/spoke/{ids[1]}");
        Assert.Equal(
            ("fleet", "Kim", """["b"]""", "2099-01-31T00:00:00.000Z"), (after.Text("group"), after.Text("owner"), after.Text("tags"), after.Text("expiresAt")));

        foreach (var action in new[] { "setGroup", "setOwner", "setExpiry" })
        {
            Assert.Equal(["changed", "changed"], Results((await BulkAsync(new { ids, action, value = "" })).Expect(HttpStatusCode.OK)));
        }
    }

    [Fact]
    public async Task When_one_is_refused_nothing_is_changed()
    {
        var spokes = await EnrolAsync(3);
        await hub.Operator.PatchAsync($"/api/spoke/{spokes[2].Id}", new { tags = Enumerable.Range(0, 16).Select(number => $"t{number}") });
        var before = Rows();

        var refusal =
            (await BulkAsync(new { ids = spokes.Select(spoke => spoke.Id), action = "addTag", value = "one-more" }))
                .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        Assert.Contains(spokes[2].Name, refusal.Text("error"), StringComparison.Ordinal);
        Assert.Equal(before, Rows());
    }

    [Fact]
    public async Task All_that_match_are_removed_and_no_others()
    {
        var spokes = await EnrolAsync(3);
        await BulkAsync(new { ids = spokes.Take(2).Select(spoke => spoke.Id), action = "addTag", value = "old" });

        var answer = (await BulkAsync(new { filter = new { tag = "old" }, action = "remove" })).Expect(HttpStatusCode.OK);

        Assert.Equal(["removed", "removed"], Results(answer));
        var live = await Wg.PeersAsync(hub.Interface);
        Assert.Equal([false, false, true], spokes.Select(spoke => live.ContainsKey(spoke.Key)));
        Assert.Contains((await hub.TokenAsync(spokes[0].Name)).Address, spokes.Take(2).Select(spoke => spoke.Address)); // names and addresses are free
    }

    [Theory]
    [InlineData("""{"ids":["x"],"action":"explode"}""", "action")]
    [InlineData("""{"ids":["x"],"action":"addTag"}""", "value")]
    [InlineData("""{"ids":["x"],"action":"setExpiry","value":"soon"}""", "value")]
    [InlineData("""{"ids":["x"],"action":"setGroup","value":"a;b"}""", "group")]
    [InlineData("""{"ids":["x"],"filter":{},"action":"enable"}""", "ids")]
    [InlineData("""{"action":"remove"}""", "ids")]
    [InlineData("""{"ids":[null],"action":"remove"}""", "ids")]
    [InlineData("""{"filter":{"status":"lost"},"action":"remove"}""", "status")]
    [InlineData("""{"filter":{"expiresWithinDays":0},"action":"remove"}""", "expiresWithinDays")]
    public async Task A_wish_that_is_not_clear_is_refused_by_field(string body, string field)
    {
        var refusal = (await hub.Operator.SendTextAsync(HttpMethod.Post, "/api/spoke/bulk", body)).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        Assert.Equal([field], refusal.Members("errors"));
    }

    [Fact]
    public async Task What_others_edit_meanwhile_is_kept()
    {
        var spokes = await EnrolAsync(20);
        var ids = spokes.Select(spoke => spoke.Id);

        await Task.WhenAll([
            .. Enumerable.Range(0, 5).Select(number => BulkAsync(new { ids, action = "addTag", value = $"round-{number}" })),
            .. ids.Select(id => hub.Operator.PatchAsync($"/api/spoke/{id}", new { notes = $"note of {id}" })),
        ]);

        foreach (var id in ids)
        {
            var after = await hub.Viewer.GetAsync($"/api/spoke/{id}");
            Assert.Equal(($"note of {id}", 5), (after.Text("notes"), after.At("tags").GetArrayLength()));
        }
    }

    [Fact]
    public async Task The_page_asks_before_it_removes_and_asks_anew_when_the_list_is_another()
    {
        var spokes = await EnrolAsync(2);
        await BulkAsync(new { ids = spokes.Select(spoke => spoke.Id), action = "setGroup", value = "leaving" });
        var person = await hub.PersonAsync(Roles.Operator);

        var question = (await person.PostAsync("/spokes/bulk?group=leaving", ("Fields.IsAll", "true"), ("Fields.Action", "remove"))).Expect(HttpStatusCode.OK);
        Assert.All(spokes, spoke => Assert.Contains(spoke.Name, question.Body, StringComparison.Ordinal));
        var shown = ShownIn(question);
        var third = (await EnrolAsync(1))[0];
        await hub.Operator.PatchAsync($"/api/spoke/{third.Id}", new { group = "leaving" });

        var again =
            (await person.PostAsync(
                "/spokes/bulk?group=leaving", ("Fields.IsAll", "true"), ("Fields.Action", "remove"), ("Fields.IsSure", "true"), ("Fields.Shown", shown)))
                .Expect(HttpStatusCode.Conflict);
        Assert.Contains(third.Name, again.Body, StringComparison.Ordinal);
        Assert.Equal("3", (await hub.Viewer.GetAsync("/api/spoke/list?group=leaving")).Text("total"));

        var done =
            await person.PostAsync(
                "/spokes/bulk?group=leaving", ("Fields.IsAll", "true"), ("Fields.Action", "remove"), ("Fields.IsSure", "true"),
                ("Fields.Shown", ShownIn(again)));
        Assert.Equal((HttpStatusCode.Redirect, "/spokes?did=removed&many=3&group=leaving"), (done.Status, done.Headers.Location?.OriginalString));
        Assert.Equal("0", (await hub.Viewer.GetAsync("/api/spoke/list?group=leaving")).Text("total"));
    }

    [Fact]
    public async Task The_page_changes_the_chosen_ones_alone_and_none_when_none_is_chosen()
    {
        var spokes = await EnrolAsync(3);
        var person = await hub.PersonAsync(Roles.Operator);

        (await person.PostAsync("/spokes/bulk", ("Fields.Action", "disable"))).Expect(HttpStatusCode.UnprocessableEntity);
        (await person.PostAsync("/spokes/bulk", ("Fields.Action", "remove"))).Expect(HttpStatusCode.UnprocessableEntity);
        (await person.PostAsync(
            "/spokes/bulk", ("Fields.Action", "disable"), ("Fields.IsSure", "true"), ("Fields.Id", spokes[0].Id), ("Fields.Id", spokes[1].Id)))
            .Expect(HttpStatusCode.OK);

        var live = await Wg.PeersAsync(hub.Interface);
        Assert.Equal([false, false, true], spokes.Select(spoke => live.ContainsKey(spoke.Key)));
    }

    [Fact]
    public async Task The_page_does_nothing_by_itself_and_says_what_is_missing()
    {
        var spokes = await EnrolAsync(2);
        var person = await hub.PersonAsync(Roles.Operator);
        Assert.Matches("What to do\">\\s*<option value=\"\">Choose…</option>", (await person.GetAsync("/spokes")).Body);

        var page = (await person.PostAsync("/spokes/bulk", ("Fields.Action", ""), ("Fields.Id", spokes[0].Id), ("Fields.Id", spokes[1].Id)))
            .Expect(HttpStatusCode.UnprocessableEntity).Body;

        Assert.Contains("Choose what to do with them.", page, StringComparison.Ordinal);
        Assert.All(spokes, spoke => Assert.Contains($"value=\"{spoke.Id}\"", page, StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<Enrolled>> EnrolAsync(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => hub.EnrolAsync()));

    private Task<Answer> BulkAsync(object body) => hub.Operator.PostAsync("/api/spoke/bulk", body);

    private static IEnumerable<string?> Results(Answer answer) => answer.At("items").EnumerateArray().Select(item => item.GetProperty("result").GetString());

    private List<string> Rows() =>
        hub.Database.Read(
            db => db.Query($"select spokes.id || tags || (select count(*) from audit) as line from spokes order by spokes.id", row => row.Text("line")));

    private static string ShownIn(Answer page) => page.Body.Split("name=\"Fields.Shown\" value=\"")[1].Split('"')[0];
}
