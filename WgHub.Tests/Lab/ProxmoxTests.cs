using WgHub.Features.Clusters;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>Proxmox VE nodes: Debian machines that say what real nodes said, and whose enterprise repository refuses them.</summary>
[Trait("Kind", "Lab")]
public sealed class ProxmoxTests(LabSite site) : IClassFixture<LabSite>
{
    /// <summary>The hub's API without a token answers 401, as the enterprise repository does without a subscription.</summary>
    private const string Refusing = $"deb [trusted=yes] {LabHub.Url}/api/spoke/ ./\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task One_line_on_two_nodes_makes_their_cluster_and_leaves_the_repositories_alone()
    {
        var token = await site.Api.CreateClusterTokenAsync("berlin", 2, Cancel);
        var nodes = await Task.WhenAll(BootAsync("pve1", SpokeKind.Bare), BootAsync("pve2", SpokeKind.Tools));
        const string Sources = "/etc/apt/sources.list.d/pve-enterprise.list";
        await nodes[0].WriteFileAsync(Sources, Refusing, Cancel);

        var said = await Task.WhenAll(nodes.Select(node => node.PasteAsync(token.Line, Cancel)));

        Assert.All(said, result => Assert.Equal(0, result.ExitCode));
        Assert.Contains("node pve1 of the cluster cf, Proxmox VE 8.3.3", said[0].Output, StringComparison.Ordinal);
        Assert.Contains("the firewall of Proxmox VE is on", said[0].Output, StringComparison.Ordinal);
        Assert.Contains("401  Unauthorized", (await nodes[0].PasteAsync("apt-get update 2>&1", Cancel)).Output, StringComparison.Ordinal);
        Assert.Equal(Refusing, await nodes[0].ReadFileAsync(Sources, Cancel));
        Assert.Equal(".members\n", (await nodes[0].RunAsync(["ls", "-A", "/etc/pve"], Cancel)).OrThrow());
        Assert.All(await Task.WhenAll(nodes.Select(node => node.PingsAsync(LabSite.HubTunnelAddress, "wg0", Cancel))), Assert.True);
        Assert.True(
            await Eventually.TrueAsync(async () => await ClusterAsync() == "cf@berlin pve1:active pve2:active pve3:none", Limit, Cancel), await ClusterAsync());

        (await nodes[1].PasteAsync($"{token.Line} -s -- --uninstall", Cancel)).OrThrow();

        Assert.Equal("cf@berlin pve1:active pve2:none pve3:none", await ClusterAsync());
    }

    /// <summary>Everything that makes a Debian machine a node, as far as the script looks.</summary>
    private async Task<LabSpoke> BootAsync(string name, SpokeKind kind)
    {
        var node = await site.Net.BootAsync(name, kind, Cancel);
        await node.WriteFileAsync("/usr/bin/pveversion", $"#!/bin/sh\necho '{PveFiles.Read("pveversion-8.3.txt").Trim()}'\n", Cancel);
        await node.WriteFileAsync("/usr/sbin/pve-firewall", "#!/bin/sh\n[ \"$*\" = status ] && echo 'Status: enabled/running'\n", Cancel);
        var members = PveFiles.Read("members-3node-one-offline.json").Replace("\"nodename\": \"pve1\"", $"\"nodename\": \"{name}\"", StringComparison.Ordinal);
        (await node.RunAsync(["mkdir", "/etc/pve"], Cancel)).OrThrow();
        await node.WriteFileAsync("/etc/pve/.members", members, Cancel);
        (await node.PasteAsync("chmod 755 /usr/bin/pveversion /usr/sbin/pve-firewall; rm /usr/bin/sudo", Cancel)).OrThrow();
        return node;
    }

    private async Task<string> ClusterAsync()
    {
        var cluster = (await site.Api.GetAsync("/api/proxmox/clusters", Cancel)).GetProperty("clusters")[0];
        var whole = await site.Api.GetAsync($"/api/proxmox/clusters/{cluster.GetProperty("id").GetString()}", Cancel);
        var nodes = whole.GetProperty("nodes").EnumerateArray().Select(node =>
            $"{node.GetProperty("proxmoxNodeName").GetString()}:{node.GetProperty("status").GetString() ?? "none"}");
        return $"{cluster.GetProperty("clusterName").GetString()}@{cluster.GetProperty("site").GetString()} {string.Join(' ', nodes)}";
    }
}
