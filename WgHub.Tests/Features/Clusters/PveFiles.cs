using System.Net;
using WgHub.TestKit;

namespace WgHub.Features.Clusters;

/// <summary>What real nodes have told, and nodes that tell it again.</summary>
internal static class PveFiles
{
    public static string Read(string name) => File.ReadAllText(Repository.PathOf($"WgHub.Tests/Features/Clusters/pve/{name}"));

    /// <summary>The file <c>.members</c> of a cluster with these nodes, in the one layout that pmxcfs has.</summary>
    public static string Members(string node, string cluster, params string[] nodes) =>
        $$"""
        {
        "nodename": "{{node}}",
        "version": 3,
        "cluster": { "name": "{{cluster}}", "version": {{nodes.Length}}, "nodes": {{nodes.Length}}, "quorate": 1 },
        "nodelist": {
        {{string.Join(",\n", nodes.Select((name, index) => $"  \"{name}\": {{ \"id\": {index + 1}, \"online\": 1, \"ip\": \"192.0.2.{index + 1}\"}}"))}}
          }
        }
        """;

    public static Task<Answer> RegisterNodeAsync(this TestHub hub, string token, string key, string? members, string version = "8.3.3", string node = "pve1") =>
        hub.Nobody.PostAsync(
        "/api/spoke/register",
        new { token, publicKey = key, os = "linux", isProxmox = true, proxmoxNodeName = node, proxmoxVersion = version, proxmoxMembers = members });

    /// <summary>A node with a token of its own.</summary>
    public static async Task<Enrolled> EnrolNodeAsync(this TestHub hub, string node, string cluster, params string[] nodes)
    {
        var name = Enrolling.NewName();
        var (id, secret, address) = await hub.TokenAsync(name);
        var key = Wg.NewKey();
        var answer = (await hub.RegisterNodeAsync(secret, key, Members(node, cluster, nodes))).Expect(HttpStatusCode.Created);
        return new(answer.Text("spoke", "id")!, name, address, key, id, secret);
    }

    /// <summary>The secret of a new cluster token.</summary>
    public static async Task<(string Id, string Secret)> ClusterTokenAsync(this TestHub hub, string? site = null, int nodes = 5, string? datacenter = null)
    {
        var answer =
            (await hub.Operator.PostAsync("/api/proxmox/cluster-token", new { site, datacenter, maximumNodes = nodes })).Expect(HttpStatusCode.Created);
        return (answer.Text("token", "id")!, answer.Text("token", "token")!);
    }

    /// <summary>The clusters of that name, each as its nodes, those without a spoke in brackets.</summary>
    public static async Task<IReadOnlyList<(string Id, string Site, string Nodes)>> ClustersAsync(this TestHub hub, string name)
    {
        List<(string, string, string)> found = [];
        foreach (
            var cluster in (await hub.Viewer.GetAsync("/api/proxmox/clusters?pageSize=500"))
                .Expect(HttpStatusCode.OK)
                .At("clusters")
                .EnumerateArray()
                .Where(one => one.GetProperty("clusterName").GetString() == name))
        {
            var id = cluster.GetProperty("id").GetString()!;
            var nodes = (await hub.Viewer.GetAsync($"/api/proxmox/clusters/{id}")).Expect(HttpStatusCode.OK).At("nodes").EnumerateArray()
                .Select(
                    node =>
                        node.GetProperty("id").ValueKind == System.Text.Json.JsonValueKind.Null
                            ? $"({node.GetProperty("proxmoxNodeName")})"
                            : node.GetProperty("proxmoxNodeName").ToString());
            found.Add((id, cluster.GetProperty("site").GetString()!, string.Join(' ', nodes)));
        }

        return found;
    }
}
