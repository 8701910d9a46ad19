using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Spokes;

public sealed class SpokePageTests(TestHub hub) : IClassFixture<TestHub>
{
    private const string Markup = "<img src=x onerror=alert(1)>";

    [Fact]
    public async Task It_tells_the_token_that_it_came_by_and_gives_its_addresses_to_copy()
    {
        var spoke = await hub.EnrolAsync();

        var page = (await hub.Viewer.GetAsync($"/spokes/{spoke.Id}")).Expect(HttpStatusCode.OK).Body;
        var tokens = (await hub.Viewer.GetAsync($"/tokens?q={spoke.TokenId}&state=All")).Expect(HttpStatusCode.OK).Body;

        Assert.Contains($"href=\"/tokens?q={spoke.TokenId}&amp;state=All\"", page, StringComparison.Ordinal);
        Assert.Contains("of API token test operator, made ", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/audit?subject={spoke.Id}\"", page, StringComparison.Ordinal);
        Assert.Contains($"<code id=\"address-0\">{spoke.Address}</code>", page, StringComparison.Ordinal);
        Assert.Contains("data-copy=\"address-0\"", page, StringComparison.Ordinal);
        Assert.Contains(spoke.Name, tokens, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_machine_or_an_operator_wrote_is_text_and_no_markup()
    {
        var (_, token, _) = await hub.TokenAsync();
        var metadata = new Dictionary<string, string> { ["kernel"] = Markup, [Markup] = "'\"><script>" };
        var id = (await hub.Nobody.PostAsync("/api/spoke/register", new { token, publicKey = Wg.NewKey(), os = "linux", metadata }))
            .Expect(HttpStatusCode.Created)
            .Text("spoke", "id");
        (await hub.Operator.PatchAsync($"/api/spoke/{id}", new { notes = $"</textarea>{Markup}" })).Expect(HttpStatusCode.OK);

        foreach (var path in new[] { $"/spokes/{id}", "/spokes", $"/spokes?q={Uri.EscapeDataString(Markup)}", "/", "/audit" })
        {
            var page = (await hub.Operator.GetAsync(path)).Expect(HttpStatusCode.OK);
            Assert.DoesNotContain("<img src=x", page.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("\"><script>", page.Body, StringComparison.Ordinal);
        }

        Assert.Contains("&lt;/textarea&gt;&lt;img src=x", (await hub.Operator.GetAsync($"/spokes/{id}")).Body, StringComparison.Ordinal);
    }
}
