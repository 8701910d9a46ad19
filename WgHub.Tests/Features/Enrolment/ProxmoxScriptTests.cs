using System.Text.Json;
using WgHub.Features.Clusters;
using WgHub.Features.Scripts;
using WgHub.TestKit;

namespace WgHub.Features.Enrolment;

/// <summary>What the install script finds on a Proxmox VE node, in every shell, with stand-ins for the node's own commands.</summary>
public sealed class ProxmoxScriptTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("wghub-pve-");

    public ProxmoxScriptTests() => Shim("pveversion", $"cat <<'EOF'\n{PveFiles.Read("pveversion-8.3.txt")}EOF");

    public static TheoryData<string> Shells => [.. InstallScriptTests.Shells];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task It_sends_the_members_file_whole(string shell)
    {
        Write("etc/pve/.members", PveFiles.Read("members-3node-one-offline.json"));

        var request = await RequestAsync(shell);

        Assert.Equal(("true", "pve1"), (request.GetProperty("isProxmox").GetRawText(), request.GetProperty("proxmoxNodeName").GetString()));
        Assert.Equal("pve-manager/8.3.3/f157a38b211595d6 (running kernel: 6.8.12-8-pve)", request.GetProperty("proxmoxVersion").GetString());
        var report = PveReader.FromMembers(request.GetProperty("proxmoxMembers").GetString())!;
        Assert.Equal(("pve1", "cf", 3), (report.Node, report.Cluster!.Name, report.Cluster.Members.Count));
    }

    [Fact]
    public async Task Without_it_the_node_is_asked_and_then_corosyncs_own_file()
    {
        Shim("pvesh", $"cat <<'EOF'\n{PveFiles.Read("pvesh-cluster-status-4node-2026.part.json")}\nEOF");
        Assert.Equal("Homelab-Lab", PveReader.FromStatus((await RequestAsync("dash")).GetProperty("proxmoxStatus").GetString())!.Cluster!.Name);

        Shim("pvesh", "echo 'ipcc_send_rec failed' >&2; exit 255");
        Write("etc/corosync/corosync.conf", PveFiles.Read("corosync-multiple-nodes.conf"));
        Assert.Equal("cloud", (await RequestAsync("dash")).GetProperty("proxmoxClusterName").GetString());
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_dry_run_tells_of_node_and_cluster(string shell)
    {
        Write("etc/pve/.members", PveFiles.Read("members-3node-one-offline.json"));

        var said = (await RunAsync(shell, Script, "--dry-run")).OrThrow();

        Assert.Contains("register as pve1:", said, StringComparison.Ordinal);
        Assert.Contains("node pve1 of the cluster cf, Proxmox VE 8.3.3", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clusters_line_on_another_machine_stops_before_it_asks_the_hub()
    {
        File.Delete(Path.Combine(_root.FullName, "bin/pveversion"));

        var result = await RunAsync("dash", Script, "--dry-run");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("this line is for the nodes of a Proxmox VE cluster", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enabled/running", "policy_in: DROP\n", "whoever is to reach this node through the tunnel needs a rule")]
    [InlineData("enabled/running", "[OPTIONS]\npolicy_out: DROP\n", "lets nothing out that no rule allows")]
    [InlineData("disabled/running", "policy_out: DROP\n", "")]
    public async Task The_firewall_is_looked_at_and_told_about(string status, string rules, string told)
    {
        Shim("pve-firewall", $"[ \"$*\" = status ] && echo 'Status: {status}'");
        Write("etc/pve/firewall/cluster.fw", rules);

        var result = await RunAsync("dash", Body + "\nTMP=$ROOT; touch \"$TMP/answer\"; look_at_pve_firewall\n");

        Assert.Equal(told.Length > 0, (result.Output + result.Error).Contains("firewall", StringComparison.Ordinal));
        Assert.Contains(told, result.OrThrow() + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_apt_could_not_read_is_named()
    {
        Write("packages",
            "Err:1 http://192.0.2.1/pve bookworm InRelease\n  401  Unauthorized [IP: 192.0.2.1 80]\nE: Failed to fetch http://192.0.2.1/pve/InRelease  401  Unauthorized [IP: 192.0.2.1 80]\nE: Unable to locate package wireguard-tools\n");

        var said = (await RunAsync("dash", Body + "\nTMP=$ROOT; failed_repositories\n")).OrThrow();

        Assert.Equal("Not read: http://192.0.2.1/pve/InRelease 401 Unauthorized .", said.Trim());
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static string Script => new InstallScript().Render(new(new("https://vpn.example.com"), null), "10.8.0.1", new string('T', 43), "");

    /// <summary>The script without its last line: it defines, and does nothing.</summary>
    private static string Body => Script[..Script.LastIndexOf("{ main", StringComparison.Ordinal)] + "ROOT=$WGHUB_ROOT PLATFORM=linux\n";

    private async Task<JsonElement> RequestAsync(string shell)
    {
        var said = await RunAsync(shell, Body + "\nTMP=$ROOT PUBLIC_KEY=k; describe_machine; cat \"$TMP/request\"\n");
        return JsonElement.Parse(said.OrThrow());
    }

    private Task<ShellResult> RunAsync(string shell, string script, params string[] arguments)
    {
        Write("install.sh", script);
        return Shell.RunAsync(
            ["env", $"WGHUB_ROOT={_root.FullName}", $"PATH={_root.FullName}/bin:{Environment.GetEnvironmentVariable("PATH")}",
                .. shell.Split(' '), Path.Combine(_root.FullName, "install.sh"), .. arguments], Cancel);
    }

    private void Shim(string name, string body)
    {
        Write($"bin/{name}", $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(Path.Combine(_root.FullName, "bin", name), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
