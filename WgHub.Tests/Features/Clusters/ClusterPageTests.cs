using System.Net;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Clusters;

public sealed class ClusterPageTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task The_tree_shows_nodes_with_a_spoke_without_one_and_standalone_ones()
    {
        var node = await hub.EnrolNodeAsync("t1", "tree", "t1", "t2");
        var (_, token, address) = await hub.TokenAsync("lonely");
        (await hub.RegisterNodeAsync(token, Wg.NewKey(), PveFiles.Read("members-standalone.json"), node: "pve")).Expect(HttpStatusCode.Created);

        var page = (await (await hub.PersonAsync(Roles.Operator)).GetAsync("/clusters")).Expect(HttpStatusCode.OK).Body;
        var seen = (await (await hub.PersonAsync(Roles.Viewer)).GetAsync("/clusters")).Expect(HttpStatusCode.OK).Body;

        Assert.Contains("2 nodes, 0 active", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/spokes/{node.Id}\">t1</a>", page, StringComparison.Ordinal);
        Assert.Contains("No spoke yet", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/tokens/clusters?site=&amp;nodes=1\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/tokens/clusters", seen, StringComparison.Ordinal);
        Assert.Contains(address, page[page.IndexOf("Standalone nodes", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"cluster-", (await hub.Viewer.GetAsync("/clusters?q=nothing%20like%20it")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_operator_writes_of_it_is_text_and_no_markup()
    {
        await hub.EnrolNodeAsync("u1", "written", "u1");
        var path = $"/clusters/{Assert.Single(await hub.ClustersAsync("written")).Id}";
        var person = await hub.PersonAsync(Roles.Operator);

        (await person.PostAsync(path, ("Datacenter", "Hall 3"), ("Description", "<script>alert(1)</script>"))).Expect(HttpStatusCode.OK);
        var refused = (await person.PostAsync(path, ("Datacenter", "<b>"), ("Description", ""))).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Contains(ClusterTokenRule, refused.Body, StringComparison.Ordinal);
        foreach (var address in new[] { path, "/clusters" })
        {
            var page = (await person.GetAsync(address)).Expect(HttpStatusCode.OK).Body;
            Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
            Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
            Assert.Contains("Hall 3", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_cluster_token_is_made_and_revoked_by_form_and_its_line_is_shown_this_once()
    {
        var person = await hub.PersonAsync(Roles.Operator);

        var made = (await person.PostAsync("/tokens/clusters", ("Site", "lyon"), ("MaximumNodes", "3"), ("ExpiresInHours", "2")))
            .Expect(HttpStatusCode.OK)
            .Body;
        var after = (await person.GetAsync("/tokens/clusters")).Body;

        Assert.Contains("Paste this on every node", made, StringComparison.Ordinal);
        Assert.Matches("/i/[A-Za-z0-9_-]{43} \\| sh<", made);
        Assert.DoesNotContain("/i/", after, StringComparison.Ordinal);
        Assert.Contains("0 of 3", after, StringComparison.Ordinal);
        var id = System.Text.RegularExpressions.Regex.Match(after, "handler=Revoke&amp;id=([0-9a-f-]{36})").Groups[1].Value;
        (await person.PostAsync($"/tokens/clusters?handler=Revoke&id={id}")).Expect(HttpStatusCode.Redirect);
        Assert.Contains("Revoked", (await person.GetAsync("/tokens/clusters")).Body, StringComparison.Ordinal);
    }

    private static string ClusterTokenRule => Tokens.ClusterTokenService.DatacenterRule;
}
