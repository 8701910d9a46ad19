using System.Net;
using AngleSharp.Html.Parser;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>The page's list: what waits for its machine by itself, and the rest by choice.</summary>
public sealed class TokenListTests : TimedHubTest
{
    [Fact]
    public async Task It_shows_what_is_open_and_the_others_by_choice()
    {
        var late = await TokenAsync("late", hours: 1);
        Time.Advance(TimeSpan.FromHours(2));
        var (open, gone) = (await TokenAsync("waiting"), await TokenAsync("gone"));
        var used = await Hub.EnrolAsync("came");
        (await Hub.Operator.DeleteAsync($"/api/installation/token/{gone}")).Expect(HttpStatusCode.OK);

        Assert.Equal(["waiting"], await NamesAsync("/tokens"));
        Assert.Equal(["waiting"], await NamesAsync("/tokens?state=open"));
        Assert.Equal(["came"], await NamesAsync("/tokens?state=Used"));
        Assert.Equal(["late"], await NamesAsync("/tokens?state=Expired"));
        Assert.Equal(["gone"], await NamesAsync("/tokens?state=Revoked"));
        Assert.Equal(["came", "gone", "late", "waiting"], (await NamesAsync("/tokens?state=All")).Order());
        Assert.Equal(["waiting"], await NamesAsync("/tokens?state=lost")); // an address that somebody typed
        foreach (var id in new[] { late, open, gone, used.TokenId })
        {
            Assert.Single(await NamesAsync(TokenFilter.HrefOf(id)));
        }
    }

    [Theory]
    [InlineData("AIT", "waiting")]
    [InlineData("retail c", "other")]
    [InlineData("Kim", "other")]
    [InlineData("%25", "")]
    [InlineData("' or 1=1 --", "")]
    public async Task It_is_searched(string search, string expected)
    {
        await TokenAsync("waiting");
        (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = "other", group = "Retail Co", owner = "kim lee" }))
            .Expect(HttpStatusCode.Created);

        Assert.Equal(expected, string.Join(',', await NamesAsync($"/tokens?q={search}")));
    }

    [Fact]
    public async Task A_revocation_leads_back_to_the_list_that_it_was_made_in()
    {
        var id = await TokenAsync("waiting");
        var person = await Hub.PersonAsync(Roles.Operator);

        var back = await person.PostAsync($"/tokens?handler=Revoke&id={id}&state=All&q=wait");

        Assert.Equal((HttpStatusCode.Redirect, "/tokens?q=wait&state=All"), (back.Status, back.Headers.Location?.OriginalString));
        Assert.Empty(await NamesAsync("/tokens"));
        Assert.Contains("Show all", (await Hub.Viewer.GetAsync("/tokens")).Body, StringComparison.Ordinal);
        Assert.Contains("No token is like that", (await Hub.Viewer.GetAsync("/tokens?q=nobody")).Body, StringComparison.Ordinal);
    }

    private async Task<string> TokenAsync(string name, int hours = 24) =>
        (await Hub.Operator.PostAsync("/api/installation/token", new { spokeName = name, expiresInHours = hours })).Expect(HttpStatusCode.Created)
            .Text("token", "id")!;

    private async Task<IReadOnlyList<string>> NamesAsync(string address)
    {
        var page = (await Hub.Viewer.GetAsync(address)).Expect(HttpStatusCode.OK).Body;
        return [.. (await new HtmlParser().ParseDocumentAsync(page, Cancel)).QuerySelectorAll("#tokens .name").Select(name => name.TextContent)];
    }
}
