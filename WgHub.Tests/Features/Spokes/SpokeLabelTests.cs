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

    /// <summary>An owner is shown and searched, and no rule goes by it: any name that companies and people have will do.</summary>
    [Theory]
    [InlineData("Retail GmbH & Co. KG")]
    [InlineData("Müller + Söhne (Köln)")]
    [InlineData("R&D, 2. Stock/Nord")]
    [InlineData("O’Neil's Yahoo!")]
    [InlineData("Łódź – dział #3")]
    [InlineData("営業部")]
    public async Task An_owner_is_called_as_people_write_it_everywhere(string name)
    {
        var (spoke, token) = (await hub.EnrolAsync(), Enrolling.NewName());
        var person = await hub.PersonAsync(Web.Roles.Operator);

        Assert.Equal(name, (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { owner = name })).Expect(HttpStatusCode.OK).Text("owner"));
        (await person.PostAsync("/tokens", ("Fields.SpokeName", token), ("Fields.Owner", name))).Expect(HttpStatusCode.OK);
        (await person.PostAsync("/tokens/import", ("Text", $"spokeName,owner\n{Enrolling.NewName()},\"{name}\""))).Expect(HttpStatusCode.OK);
        await person.PostAsync("/spokes/bulk", ("Fields.Action", "setOwner"), ("Fields.Value", name), ("Fields.Id", spoke.Id));

        foreach (var query in new[] { "owner", "q" })
        {
            Assert.Contains(spoke.Name, (await hub.Viewer.GetAsync($"/spokes?{query}={Uri.EscapeDataString(name)}")).Body, StringComparison.Ordinal);
        }

        Assert.Contains(token, (await hub.Viewer.GetAsync("/tokens?q=" + Uri.EscapeDataString(name))).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("berlin, laptop")]
    [InlineData("laptop berlin")]
    [InlineData(" Laptop;berlin ,, laptop\t")]
    public async Task Tags_that_a_person_wrote_are_read_by_comma_and_space_everywhere(string tags)
    {
        var (edited, bulk, token, listed) = (await hub.EnrolAsync(), await hub.EnrolAsync(), Enrolling.NewName(), Enrolling.NewName());
        var person = await hub.PersonAsync(Web.Roles.Operator);

        (await person.PostAsync($"/spokes/{edited.Id}", ("Name", edited.Name), ("Tags", tags))).Expect(HttpStatusCode.OK);
        await person.PostAsync("/spokes/bulk", ("Fields.Action", "addTag"), ("Fields.Value", tags), ("Fields.Id", bulk.Id));
        (await person.PostAsync("/tokens", ("Fields.SpokeName", token), ("Fields.Tags", tags))).Expect(HttpStatusCode.OK);
        var list = $"spokeName,tags\n{listed},\"{tags}\"";
        (await person.PostAsync("/tokens/import?handler=Make", ("Text", list))).Expect(HttpStatusCode.OK);

        foreach (var id in new[] { edited.Id, bulk.Id })
        {
            Assert.Equal("""["berlin","laptop"]""", (await hub.Viewer.GetAsync($"/api/spoke/{id}")).Text("tags"));
        }

        var tokens = (await hub.Viewer.GetAsync("/api/installation/tokens")).At("tokens").EnumerateArray()
            .ToDictionary(one => one.GetProperty("spokeName").GetString()!, one => one.GetProperty("tags").ToString());
        Assert.Equal(("""["berlin","laptop"]""", """["berlin","laptop"]"""), (tokens[token], tokens[listed]));
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
