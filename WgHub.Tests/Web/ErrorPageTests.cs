using System.Net;
using AngleSharp.Html.Parser;
using WgHub.TestKit;

namespace WgHub.Web;

public sealed class ErrorPageTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task It_leads_on_by_the_header_for_who_is_signed_in_and_tells_strangers_of_no_room()
    {
        var viewer = await hub.PersonAsync(Roles.Viewer);

        Assert.Contains("/spokes", Links(await viewer.GetAsync("/users")));
        Assert.DoesNotContain("/users", Links(await viewer.GetAsync("/users")));
        Assert.Equal(["/", "/"], Links((await hub.Nobody.GetAsync("/nowhere")).Expect(HttpStatusCode.NotFound)));
    }

    [Theory]
    [InlineData("{hub}/spokes?q=a%22b", "{hub}/spokes?q=a%22b")]
    [InlineData("{hub}//elsewhere.example/", "{hub}//elsewhere.example/")]
    [InlineData("https://elsewhere.example/", null)]
    [InlineData("javascript:alert(1)", null)]
    public async Task It_leads_back_within_the_hub_alone(string from, string? back)
    {
        var own = hub.Url.TrimEnd('/');
        var answer = await hub.Nobody.SendAsync(HttpMethod.Get, "/nowhere", null, ("Referer", from.Replace("{hub}", own, StringComparison.Ordinal)));

        string[] expected = back is null ? ["/", "/"] : ["/", back.Replace("{hub}", own, StringComparison.Ordinal), "/"];
        Assert.Equal(expected, Links(answer));
    }

    private static IEnumerable<string?> Links(Answer answer) =>
        new HtmlParser().ParseDocument(answer.Body).QuerySelectorAll("a").Select(link => link.GetAttribute("href"));
}
