using System.Net;
using System.Text.Json;
using WgHub.TestKit;

namespace WgHub.Features.Clusters;

/// <summary>Clusters as their nodes make them. Each test has a cluster name of its own.</summary>
public sealed class ClusterTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task The_first_node_makes_it_and_the_others_join_it()
    {
        var first = await hub.EnrolNodeAsync("a1", "first", "a1", "a2", "a3");
        Assert.Equal("a1 (a2) (a3)", Assert.Single(await hub.ClustersAsync("first")).Nodes);

        await hub.EnrolNodeAsync("a3", "first", "a1", "a2", "a3");

        var cluster = Assert.Single(await hub.ClustersAsync("first"));
        Assert.Equal("a1 (a2) a3", cluster.Nodes);
        var answer = await hub.Viewer.GetAsync($"/api/proxmox/clusters/{cluster.Id}");
        Assert.Equal(["id", "clusterName", "site", "datacenter", "description", "nodeCount", "activeCount", "createdAt", "nodes"], answer.Members());
        Assert.Equal(("3", "0"), (answer.Text("nodeCount"), answer.Text("activeCount")));
        var node = answer.At("nodes")[0];
        Assert.Equal(("192.0.2.1", 1), (node.GetProperty("clusterAddress").GetString(), node.GetProperty("number").GetInt64()));
        Assert.Equal(
            (first.Id, first.Name, "a1", $"{first.Address}/32", "pending", "8.3.3"),
            (node.GetProperty("id").GetString(), node.GetProperty("name").GetString(), node.GetProperty("proxmoxNodeName").GetString(),
                node.GetProperty("allowedIPs")[0].GetString(), node.GetProperty("status").GetString(), node.GetProperty("proxmoxVersion").GetString()));
        Assert.Equal(JsonValueKind.Null, answer.At("nodes")[1].GetProperty("id").ValueKind);
    }

    [Fact]
    public async Task Two_sites_with_a_cluster_of_one_name_stay_two()
    {
        await hub.EnrolNodeAsync("n1", "homelab", "n1", "n2");
        await hub.EnrolNodeAsync("m1", "homelab", "m1", "m2");
        await hub.EnrolNodeAsync("n2", "homelab", "n1", "n2");

        Assert.Equal(["n1 n2", "m1 (m2)"], (await hub.ClustersAsync("homelab")).Select(cluster => cluster.Nodes));
    }

    [Fact]
    public async Task Two_sites_whose_nodes_have_the_same_names_too_stay_two_by_the_site_of_their_tokens()
    {
        foreach (var site in new[] { "berlin", "munich" })
        {
            var (_, token) = await hub.ClusterTokenAsync(site);
            foreach (var node in new[] { "s1", "s2" })
            {
                (await hub.RegisterNodeAsync(token, Wg.NewKey(), PveFiles.Members(node, "twins", "s1", "s2"))).Expect(HttpStatusCode.Created);
            }
        }

        Assert.Equal([("berlin", "s1 s2"), ("munich", "s1 s2")], (await hub.ClustersAsync("twins")).Select(cluster => (cluster.Site, cluster.Nodes)));
    }

    [Fact]
    public async Task The_line_run_again_brings_members_and_version_up_to_date_and_writes_down_what_changed()
    {
        var node = await hub.EnrolNodeAsync("b1", "grows", "b1", "b2");
        var id = Assert.Single(await hub.ClustersAsync("grows")).Id;

        (await hub.RegisterNodeAsync(node.Token, node.Key, PveFiles.Members("b1", "grows", "b1", "b3", "b4"), "9.1.6")).Expect(HttpStatusCode.OK);

        Assert.Equal((id, "b1 (b3) (b4)"), (await hub.ClustersAsync("grows")).Select(cluster => (cluster.Id, cluster.Nodes)).Single());
        Assert.Equal("9.1.6", (await hub.Viewer.GetAsync($"/api/spoke/{node.Id}")).Text("proxmoxVersion"));
        Assert.Equal(["b3, b4", "b2"], await FactsAsync("cluster.changed", id, "nodesAdded", "nodesGone"));
        Assert.Equal(["8.3.3 → 9.1.6"], await FactsAsync("spoke.changed", node.Id, "proxmoxVersion"));
        var entries = await CountAsync();

        (await hub.RegisterNodeAsync(node.Token, node.Key, PveFiles.Members("b1", "grows", "b1", "b3", "b4"), "9.1.6")).Expect(HttpStatusCode.OK);

        Assert.Equal(entries, await CountAsync());
    }

    [Fact]
    public async Task A_renamed_cluster_stays_the_one_it_was_for_all_its_nodes()
    {
        var first = await hub.EnrolNodeAsync("rc1", "before", "rc1", "rc2", "rc3");
        var second = await hub.EnrolNodeAsync("rc2", "before", "rc1", "rc2", "rc3");
        var id = Assert.Single(await hub.ClustersAsync("before")).Id;

        (await hub.RegisterNodeAsync(first.Token, first.Key, PveFiles.Members("rc1", "after", "rc1", "rc2", "rc3"))).Expect(HttpStatusCode.OK);

        Assert.Equal((id, "rc1 rc2 (rc3)"), (await hub.ClustersAsync("after")).Select(cluster => (cluster.Id, cluster.Nodes)).Single());
        Assert.Empty(await hub.ClustersAsync("before"));
        Assert.Equal("after", (await hub.Viewer.GetAsync($"/api/spoke/{second.Id}")).Text("proxmoxClusterName"));
    }

    [Fact]
    public async Task A_node_that_leaves_for_a_new_cluster_does_not_take_the_old_one_with_it()
    {
        var first = await hub.EnrolNodeAsync("lv1", "leaving", "lv1", "lv2");
        await hub.EnrolNodeAsync("lv2", "leaving", "lv1", "lv2");
        var id = Assert.Single(await hub.ClustersAsync("leaving")).Id;

        (await hub.RegisterNodeAsync(first.Token, first.Key, PveFiles.Members("lv1", "left", "lv1"))).Expect(HttpStatusCode.OK);

        Assert.Equal(id, Assert.Single(await hub.ClustersAsync("leaving")).Id);
        Assert.NotEqual(id, Assert.Single(await hub.ClustersAsync("left")).Id);
    }

    [Fact]
    public async Task A_renamed_node_stays_in_its_cluster_under_its_new_name()
    {
        var node = await hub.EnrolNodeAsync("c1", "renamed", "c1");

        (await hub.RegisterNodeAsync(node.Token, node.Key, PveFiles.Members("z1", "renamed", "z1"))).Expect(HttpStatusCode.OK);

        Assert.Equal("z1", Assert.Single(await hub.ClustersAsync("renamed")).Nodes);
    }

    [Fact]
    public async Task A_standalone_node_joins_a_cluster_later_and_may_leave_it_again()
    {
        var (_, token, _) = await hub.TokenAsync();
        var key = Wg.NewKey();
        var alone = PveFiles.Read("members-standalone.json");
        (await hub.RegisterNodeAsync(token, key, alone, node: "pve")).Expect(HttpStatusCode.Created);
        Assert.Empty(await hub.ClustersAsync("joined"));

        (await hub.RegisterNodeAsync(token, key, PveFiles.Members("pve", "joined", "pve", "pve2"))).Expect(HttpStatusCode.OK);
        Assert.Equal("pve (pve2)", Assert.Single(await hub.ClustersAsync("joined")).Nodes);

        // Nothing told of clusters is no news: pmxcfs may be down.
        (await hub.RegisterNodeAsync(token, key, null, node: "pve")).Expect(HttpStatusCode.OK);
        Assert.Single(await hub.ClustersAsync("joined"));

        (await hub.RegisterNodeAsync(token, key, alone, node: "pve")).Expect(HttpStatusCode.OK);
        Assert.Empty(await hub.ClustersAsync("joined"));
    }

    [Fact]
    public async Task It_goes_with_the_last_of_its_spokes()
    {
        var (first, second) = (await hub.EnrolNodeAsync("d1", "short", "d1", "d2"), await hub.EnrolNodeAsync("d2", "short", "d1", "d2"));
        var id = Assert.Single(await hub.ClustersAsync("short")).Id;

        (await hub.Operator.DeleteAsync($"/api/spoke/{first.Id}")).Expect(HttpStatusCode.OK);
        Assert.Equal("(d1) d2", Assert.Single(await hub.ClustersAsync("short")).Nodes);
        (await hub.Nobody.PostAsync("/api/spoke/unregister", new { token = second.Token, publicKey = second.Key })).Expect(HttpStatusCode.OK);

        Assert.Empty(await hub.ClustersAsync("short"));
        (await hub.Viewer.GetAsync($"/api/proxmox/clusters/{id}")).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
        await hub.EnrolNodeAsync("d1", "short", "d1", "d2");
        Assert.NotEqual(id, Assert.Single(await hub.ClustersAsync("short")).Id);
    }

    [Fact]
    public async Task Whoever_tells_nothing_of_members_joins_by_name()
    {
        foreach (var node in new[] { "e1", "e2" })
        {
            var (_, token, _) = await hub.TokenAsync();
            (await hub.Nobody.PostAsync(
                "/api/spoke/register", new { token, publicKey = Wg.NewKey(), os = "proxmox", proxmoxNodeName = node, proxmoxClusterName = "byname" }))
                .Expect(HttpStatusCode.Created);
        }

        Assert.Equal("e1 e2", Assert.Single(await hub.ClustersAsync("byname")).Nodes);
    }

    [Fact]
    public async Task Datacenter_and_description_are_an_operators_to_say()
    {
        await hub.EnrolNodeAsync("f1", "placed", "f1");
        var path = $"/api/proxmox/clusters/{Assert.Single(await hub.ClustersAsync("placed")).Id}";

        (await hub.Viewer.PatchAsync(path, new { datacenter = "x" })).Expect(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await hub.Operator.PatchAsync(path, new { datacenter = "Köln 2", description = "two\nlines" })).Expect(HttpStatusCode.OK);
        var answer = (await hub.Operator.PatchAsync(path, new { description = "" })).Expect(HttpStatusCode.OK);

        Assert.Equal(("Köln 2", ""), (answer.Text("datacenter"), answer.Text("description")));
        Assert.Single((await hub.Viewer.GetAsync("/api/proxmox/clusters?q=k%C3%B6ln")).At("clusters").EnumerateArray());
    }

    private async Task<string[]> FactsAsync(string @event, string subject, params string[] facts)
    {
        var entries = (await hub.Viewer.GetAsync($"/api/audit?event={@event}&pageSize=500")).At("entries").EnumerateArray();
        var entry = entries.First(one => one.GetProperty("subject").GetString() == subject && one.GetProperty("detail").TryGetProperty(facts[0], out _));
        return [.. facts.Select(fact => entry.GetProperty("detail").GetProperty(fact).GetString()!)];
    }

    private async Task<string?> CountAsync() => (await hub.Viewer.GetAsync("/api/audit?pageSize=1")).Text("total");
}
