using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Spokes;

public sealed class SpokeLabelTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task A_spoke_is_found_by_its_group_its_owner_and_each_tag()
    {
        var spoke = await hub.EnrolAsync();
        var other = await hub.EnrolAsync();
        (await hub.Operator.PatchAsync($"/api/spoke/{other.Id}", new { tags = new[] { "labels-berliner" } })).Expect(HttpStatusCode.OK);

        var changed =
            (await hub.Operator.PatchAsync(
                $"/api/spoke/{spoke.Id}", new { group = "field", owner = "Zoë O'Hara", tags = new[] { "Laptop", "labels-berlin", "laptop" } }))
                .Expect(HttpStatusCode.OK);

        Assert.Equal(["labels-berlin", "laptop"], changed.At("tags").EnumerateArray().Select(tag => tag.GetString()));
        foreach (var query in new[] { "group=field", "owner=Zo%C3%AB O'Hara", "tag=labels-berlin" })
        {
            var found = (await hub.Viewer.GetAsync($"/api/spoke/list?{query}")).Expect(HttpStatusCode.OK);
            Assert.Equal(spoke.Id, Assert.Single(found.At("spokes").EnumerateArray()).GetProperty("id").GetString());
            Assert.Contains(spoke.Name, (await hub.Viewer.GetAsync($"/spokes?{query}")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        }

        var bare =
            (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { group = "", owner = "", tags = Array.Empty<string>() })).Expect(HttpStatusCode.OK);
        Assert.Equal(("", "", "[]"), (bare.Text("group"), bare.Text("owner"), bare.Text("tags")));
    }

    [Theory]
    [InlineData("tags", "ber lin")]
    [InlineData("tags", "a'b")]
    [InlineData("tags", "-first")]
    [InlineData("tags", "%")]
    [InlineData("tags", "<b>")]
    [InlineData("owner", "=cmd|' /C calc'!A0")]
    [InlineData("owner", "<img src=x>")]
    [InlineData("owner", "a\u202eb")]
    [InlineData("group", "a;b")]
    public async Task A_label_that_is_more_than_a_label_is_refused_by_name(string field, string text)
    {
        var spoke = await hub.EnrolAsync();

        var refusal =
            (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new Dictionary<string, object> { [field] = field == "tags" ? new[] { text } : text }))
            .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        Assert.Equal([field], refusal.Members("errors"));
    }

    [Fact]
    public async Task Sixteen_tags_are_enough()
    {
        var spoke = await hub.EnrolAsync();

        (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { tags = Enumerable.Range(0, 16).Select(number => $"t{number}") }))
            .Expect(HttpStatusCode.OK);
        (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { tags = Enumerable.Range(0, 17).Select(number => $"t{number}") }))
            .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
    }

    [Fact]
    public async Task The_page_changes_what_the_api_does()
    {
        var spoke = await hub.EnrolAsync();
        var person = await hub.PersonAsync(Web.Roles.Operator);

        var page = (await person.PostAsync(
            $"/spokes/{spoke.Id}", ("Name", spoke.Name), ("Group", "edge"), ("Owner", "kim@example.com"), ("Tags", "b, a"), ("ExpiresAt", "2099-01-01T12:00"), ("Notes", ""))).Expect(HttpStatusCode.OK);

        Assert.Contains("Saved.", page.Body, StringComparison.Ordinal);
        var after = await hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}");
        Assert.Equal(
            ("edge", "kim@example.com", """["a","b"]""", "2099-01-01T12:00:00.000Z"),
            (after.Text("group"), after.Text("owner"), after.Text("tags"), after.Text("expiresAt")));
    }
}
