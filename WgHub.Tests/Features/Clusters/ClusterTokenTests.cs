using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Clusters;

/// <summary>One line for all nodes of a cluster.</summary>
public sealed class ClusterTokenTests(TestHub hub) : IClassFixture<TestHub>
{
    private static readonly string[] FiveNodes = ["v1", "v2", "v3", "v4", "v5"];

    [Fact]
    public async Task Five_nodes_at_once_all_come_in_with_addresses_of_their_own()
    {
        var (id, token) = await hub.ClusterTokenAsync(nodes: 5);
        var keys = FiveNodes.ToDictionary(node => node, _ => Wg.NewKey());

        var answers = await Task.WhenAll(FiveNodes.Select(node => hub.RegisterNodeAsync(token, keys[node], PveFiles.Members(node, "crowd", FiveNodes))));

        Assert.All(answers, answer => answer.Expect(HttpStatusCode.Created));
        Assert.Equal(FiveNodes, answers.Select(answer => answer.Text("spoke", "name")));
        var live = await Wg.PeersAsync(hub.Interface);
        Assert.Equal(5, keys.Values.Select(key => live[key]).Distinct().Count());
        Assert.Equal("v1 v2 v3 v4 v5", Assert.Single(await hub.ClustersAsync("crowd")).Nodes);
        var listed = Listed(await hub.Viewer.GetAsync("/api/proxmox/cluster-tokens"), id);
        Assert.Equal(("used", 5), (listed.GetProperty("state").GetString(), listed.GetProperty("nodes").GetArrayLength()));
        Assert.False(listed.TryGetProperty("token", out _));

        (await hub.RegisterNodeAsync(token, Wg.NewKey(), PveFiles.Members("v6", "crowd", "v6"))).Expect(HttpStatusCode.Conflict, "CLUSTER_TOKEN_FULL");
    }

    [Fact]
    public async Task Each_node_is_bound_to_its_own_key()
    {
        var (_, token) = await hub.ClusterTokenAsync();
        var key = Wg.NewKey();
        var members = PveFiles.Members("w1", "bound", "w1", "w2");
        var first = (await hub.RegisterNodeAsync(token, key, members)).Expect(HttpStatusCode.Created);

        var again = (await hub.RegisterNodeAsync(token, key, members)).Expect(HttpStatusCode.OK);
        (await hub.RegisterNodeAsync(token, Wg.NewKey(), members)).Expect(HttpStatusCode.Unauthorized, "TOKEN_ALREADY_USED");
        (await hub.RegisterNodeAsync(token, key, PveFiles.Members("w2", "bound", "w1", "w2"))).Expect(HttpStatusCode.Conflict, "DUPLICATE_PUBLIC_KEY");

        Assert.Equal(first.Body, again.Body);
        (await hub.RegisterNodeAsync(token, Wg.NewKey(), PveFiles.Members("w2", "bound", "w1", "w2"))).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_machine_that_is_no_node_is_refused_and_uses_nothing_up()
    {
        var (_, token) = await hub.ClusterTokenAsync(nodes: 1);
        var before = await Snapshot.TakeAsync(hub);

        (await hub.RegisterAsync(token, Wg.NewKey())).Expect(HttpStatusCode.Conflict, "NOT_A_CLUSTER_NODE");

        Assert.Equal(before, await Snapshot.TakeAsync(hub));
    }

    [Fact]
    public async Task A_node_whose_name_is_taken_gets_its_sites_before_it_then_its_clusters_then_a_number()
    {
        await hub.TokenAsync("x1");
        async Task<string?> NameAsync(string token) =>
            (await hub.RegisterNodeAsync(token, Wg.NewKey(), PveFiles.Members("x1", "named", "x1"))).Expect(HttpStatusCode.Created).Text("spoke", "name");

        Assert.Equal("oslo-x1", await NameAsync((await hub.ClusterTokenAsync("oslo")).Secret));
        Assert.Equal("named-x1", await NameAsync((await hub.ClusterTokenAsync()).Secret));
        Assert.Equal("x1-2", await NameAsync((await hub.ClusterTokenAsync("oslo")).Secret));
    }

    [Fact]
    public async Task A_node_uninstalls_by_itself_and_the_others_stay()
    {
        var (id, token) = await hub.ClusterTokenAsync();
        var (one, two, stranger) = (Wg.NewKey(), Wg.NewKey(), Wg.NewKey());
        (await hub.RegisterNodeAsync(token, one, PveFiles.Members("y1", "leaves", "y1", "y2"))).Expect(HttpStatusCode.Created);
        (await hub.RegisterNodeAsync(token, two, PveFiles.Members("y2", "leaves", "y1", "y2"))).Expect(HttpStatusCode.Created);
        (await hub.Operator.DeleteAsync($"/api/proxmox/cluster-token/{id}")).Expect(HttpStatusCode.OK);

        (await hub.Nobody.PostAsync("/api/spoke/unregister", new { token, publicKey = stranger })).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
        (await hub.Nobody.PostAsync("/api/spoke/unregister", new { token, publicKey = one })).Expect(HttpStatusCode.OK);
        (await hub.Nobody.PostAsync("/api/spoke/unregister", new { token, publicKey = one })).Expect(HttpStatusCode.OK);

        var live = await Wg.PeersAsync(hub.Interface);
        Assert.DoesNotContain(one, live);
        Assert.Contains(two, live);
        Assert.Equal("(y1) y2", Assert.Single(await hub.ClustersAsync("leaves")).Nodes);
    }

    [Fact]
    public async Task A_revoked_or_expired_one_takes_no_more_nodes_and_those_that_came_live_on()
    {
        var time = new ManualTime();
        await using var own = new TestHub { Time = time };
        await own.InitializeAsync();
        var (id, revoked) = await own.ClusterTokenAsync();
        var (_, expired) = await own.ClusterTokenAsync();
        var (key, late) = (Wg.NewKey(), Wg.NewKey());
        (await own.RegisterNodeAsync(revoked, key, PveFiles.Members("z1", "ends", "z1", "z2"))).Expect(HttpStatusCode.Created);
        (await own.RegisterNodeAsync(expired, late, PveFiles.Members("z2", "ends", "z1", "z2"))).Expect(HttpStatusCode.Created);

        (await own.Operator.DeleteAsync($"/api/proxmox/cluster-token/{id}")).Expect(HttpStatusCode.OK);
        time.Advance(TimeSpan.FromHours(25));

        (await own.RegisterNodeAsync(revoked, Wg.NewKey(), PveFiles.Members("z3", "ends", "z3"))).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
        (await own.RegisterNodeAsync(expired, Wg.NewKey(), PveFiles.Members("z3", "ends", "z3"))).Expect(HttpStatusCode.Unauthorized, "TOKEN_EXPIRED");
        (await own.RegisterNodeAsync(expired, late, PveFiles.Members("z2", "ends", "z1", "z2"))).Expect(HttpStatusCode.OK);
        (await own.Nobody.GetAsync($"/i/{revoked}")).Expect(HttpStatusCode.Unauthorized, "TOKEN_REVOKED");
        (await own.Nobody.GetAsync($"/i/{expired}")).Expect(HttpStatusCode.OK);
        Assert.Contains(key, await Wg.PeersAsync(own.Interface));
    }

    [Fact]
    public async Task Its_secret_looks_as_any_and_is_kept_as_a_hash()
    {
        var (id, token) = await hub.ClusterTokenAsync("bonn", datacenter: "Bonn 1");

        Assert.Matches("^[A-Za-z0-9_-]{43}$", token);
        Assert.DoesNotContain(token, await Snapshot.TakeAsync(hub), StringComparison.Ordinal);
        Assert.Contains($"'{token}'", (await hub.Nobody.GetAsync($"/i/{token}")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        (await hub.RegisterNodeAsync(token, Wg.NewKey(), PveFiles.Members("k1", "kept", "k1"))).Expect(HttpStatusCode.Created);
        Assert.DoesNotContain(
            (await hub.Viewer.GetAsync("/api/installation/tokens")).At("tokens").EnumerateArray(), one => one.GetProperty("spokeName").GetString() == "k1");
        Assert.Equal("Bonn 1", Listed(await hub.Viewer.GetAsync("/api/proxmox/cluster-tokens"), id).GetProperty("datacenter").GetString());
        Assert.Equal("Bonn 1", (await hub.Viewer.GetAsync("/api/proxmox/clusters?q=kept")).At("clusters")[0].GetProperty("datacenter").GetString());
    }

    private static System.Text.Json.JsonElement Listed(Answer answer, string id) =>
        answer.At("tokens").EnumerateArray().Single(token => token.GetProperty("id").GetString() == id);
}
