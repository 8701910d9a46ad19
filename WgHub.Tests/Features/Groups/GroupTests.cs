using System.Net;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Groups;

public sealed class GroupTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task Groups_are_those_that_are_named_and_those_that_are_decided_about()
    {
        (await hub.Operator.PostAsync("/api/installation/token", new { spokeName = Enrolling.NewName(), group = "only tokens" }))
            .Expect(HttpStatusCode.Created);
        var spoke = await hub.EnrolAsync();
        (await hub.Operator.PatchAsync($"/api/spoke/{spoke.Id}", new { group = "only spokes" })).Expect(HttpStatusCode.OK);
        var set = (await hub.Operator.PutAsync("/api/groups/decided.only", new { routes = "hub" })).Expect(HttpStatusCode.OK);

        Assert.Equal(("decided.only", "hub", "0"), (set.Text("name"), set.Text("routes"), set.Text("spokeCount")));
        var groups = (await hub.Viewer.GetAsync("/api/groups")).At("groups").EnumerateArray()
            .ToDictionary(
                one => one.GetProperty("name").GetString()!, one => (one.GetProperty("spokeCount").GetInt32(), one.GetProperty("tokenCount").GetInt32()));
        Assert.Equal(((0, 1), (1, 0), (0, 0)), (groups["only tokens"], groups["only spokes"], groups["decided.only"]));

        (await hub.Operator.DeleteAsync("/api/groups/decided.only")).Expect(HttpStatusCode.OK);
        (await hub.Operator.DeleteAsync("/api/groups/decided.only")).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
        (await hub.Operator.DeleteAsync("/api/groups/only%20spokes")).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Theory]
    [InlineData("-x")]
    [InlineData("a%2Fb")]
    [InlineData("%3Cb%3E")]
    [InlineData("%20")]
    [InlineData("a\u00e4")]
    public async Task A_name_that_no_spoke_could_have_is_refused(string name) =>
        (await hub.Operator.PutAsync($"/api/groups/{name}", new { routes = "hub" })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

    [Fact]
    public async Task A_change_is_one_entry_and_the_same_again_is_none()
    {
        for (var time = 0; time < 3; time++)
        {
            (await hub.Operator.PutAsync("/api/groups/once", new { routes = "all" })).Expect(HttpStatusCode.OK);
        }

        var entry = Assert.Single((await hub.Viewer.GetAsync("/api/audit?subject=once")).At("entries").EnumerateArray());
        Assert.Equal("network → all", entry.GetProperty("detail").GetProperty("routes").GetString());
    }

    [Fact]
    public async Task The_page_shows_them_to_everybody_and_changes_them_for_operators()
    {
        var (person, viewer) = (await hub.PersonAsync(Roles.Operator), await hub.PersonAsync(Roles.Viewer));

        (await person.PostAsync("/groups", ("Name", "lisbon"), ("Routes", "list"), ("RoutedNetworks", "10.20.0.0/16"))).Expect(HttpStatusCode.Redirect);
        var refused = (await person.PostAsync("/groups", ("Name", "lisbon"), ("Routes", "list"), ("RoutedNetworks", "10.20.0.1/16")))
            .Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("cannot stand here", refused.Body, StringComparison.Ordinal);
        Assert.Contains("10.20.0.1/16", refused.Body, StringComparison.Ordinal); // what was typed stays

        var seen = (await viewer.GetAsync("/groups")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("10.20.0.0/16", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("<form method=\"post\" class=\"card", seen, StringComparison.Ordinal);
        Assert.Contains("value=\"10.20.0.0/16\"", (await person.GetAsync("/groups?name=lisbon")).Body, StringComparison.Ordinal);

        (await person.PostAsync("/groups?handler=Remove&name=lisbon")).Expect(HttpStatusCode.Redirect);
        Assert.DoesNotContain("lisbon", (await person.GetAsync("/groups")).Body, StringComparison.Ordinal);
    }
}
