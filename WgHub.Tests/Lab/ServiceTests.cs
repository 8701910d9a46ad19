using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>The hub as the README says to run it: a hardened service of a machine with systemd.</summary>
[Trait("Kind", "Lab")]
public sealed partial class ServiceTests
{
    /// <summary>What systemd-analyze(1) calls exposure: 0 for nothing at all, 10 for a service of root without limits.</summary>
    private const double MostExposed = 2.5;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_restart_of_the_service_cuts_no_tunnel()
    {
        await using var lab = await LabNet.CreateAsync(Cancel);
        var machines = await Task.WhenAll(lab.BootAsync("hub", SpokeKind.Tools, Cancel), lab.BootAsync("oslo", SpokeKind.Tools, Cancel));
        var (hub, spoke) = (machines[0], machines[1]);
        await InstallBinaryAsync(hub);
        await InstallUnitAsync(hub);
        var url = new Uri($"http://{hub.Address}:8080");
        using var visitor = lab.CreateClient(url, null);
        (await hub.RunAsync(["wghub", "api-token", "create", "--name", "early", "--role", "viewer"], Cancel)).OrThrow(); // by root, before there is a service
        await StartAsync("start");
        var adminToken = (await hub.RunAsync(["wghub", "api-token", "create", "--name", "lab", "--role", "admin"], Cancel)).OrThrow().Trim();
        using var api = new LabApi(lab.CreateClient(url, adminToken));
        await api.InitializeAsync(hub.Address, Cancel);
        (await spoke.PasteAsync((await api.CreateTokenAsync("oslo", Cancel)).Line, Cancel)).OrThrow();
        using var ping = spoke.StartPing(LabSite.HubTunnelAddress, "wg0");
        await ping.AnswersAsync(20, Cancel);

        await StartAsync("restart");
        await ping.AnswersAsync(20, Cancel);
        await StartAsync("kill --kill-whom=main --signal=KILL");
        await ping.AnswersAsync(20, Cancel);

        Assert.Empty(await ping.StopAsync(Cancel));
        await IsHardenedAsync(hub);

        async Task StartAsync(string verb)
        {
            (await hub.RunAsync(["systemctl", .. verb.Split(' '), "wghub"], Cancel)).OrThrow();
            Assert.True(await Eventually.TrueAsync(() => LabHub.IsReadyAsync(visitor, Cancel), Limit, Cancel), await LogAsync());
        }

        async Task<string> LogAsync() => (await hub.RunAsync(["journalctl", "-q", "-u", "wghub"], Cancel)).Output;
    }

    /// <summary>networkd takes away what rules of routing it does not know, at each start of its own.</summary>
    [Theory]
    [InlineData(nameof(SpokeKind.Tools))]
    [InlineData(nameof(SpokeKind.Trixie))]
    public async Task The_service_keeps_its_rules_and_networkd_leaves_them_alone(string kind)
    {
        await using var lab = await LabNet.CreateAsync(Cancel);
        var hub = await lab.BootAsync("hub", Enum.Parse<SpokeKind>(kind), Cancel);
        (await hub.PasteAsync(
            "apt-get -q update && apt-get -qy --no-install-recommends install nftables wireguard-tools wireguard-go", Cancel)).OrThrow();
        await InstallBinaryAsync(hub);
        await InstallUnitAsync(hub);
        var adminToken = (await hub.RunAsync(["wghub", "api-token", "create", "--name", "lab", "--role", "admin"], Cancel)).OrThrow().Trim();
        (await hub.RunAsync(["chown", "-R", "wghub:wghub", "/var/lib/wghub"], Cancel)).OrThrow();
        (await hub.RunAsync(["systemctl", "start", "wghub"], Cancel)).OrThrow();
        using var api = new LabApi(lab.CreateClient(new($"http://{hub.Address}:8080"), adminToken));
        Assert.True(await Eventually.TrueAsync(() => LabHub.IsReadyAsync(lab.CreateClient(new($"http://{hub.Address}:8080"), null), Cancel), Limit, Cancel));
        await api.InitializeAsync(hub.Address, Cancel);
        await api.PutAsync(
            "/api/policy",
            new() { ["rules"] = new JsonArray([.. new[] { "hub", "anybody" }.Select(to => new JsonObject { ["from"] = "anybody", ["to"] = to })]) }, Cancel);
        var before = await RulesAsync();
        Assert.Contains("iif wg0 prohibit", before, StringComparison.Ordinal);
        Assert.Contains("chain pre", before, StringComparison.Ordinal);

        foreach (var line in (string[])["systemctl restart systemd-networkd", "networkctl reload", "networkctl reconfigure wg0"])
        {
            await hub.PasteAsync(line, Cancel);
            Assert.Equal(before, await RulesAsync());
        }

        Assert.Null((await api.GetAsync("/api/hub/status", Cancel)).GetProperty("failure").GetString());

        async Task<string> RulesAsync() =>
            (await hub.PasteAsync("ip -4 rule; ip -6 rule; nft -t list table inet wghub_wg0 | grep -v packets", Cancel)).OrThrow();
    }

    /// <summary>What publish.sh makes is one file. What a plain build makes needs its neighbours and .NET.</summary>
    private static async Task InstallBinaryAsync(LabSpoke hub)
    {
        var folder = Path.GetDirectoryName(LabHub.Binary)!;
        if (!File.Exists(Path.Combine(folder, "wghub.dll")))
        {
            await hub.CopyInAsync(LabHub.Binary, "/usr/local/bin/wghub", Cancel);
            return;
        }

        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        await hub.CopyInAsync(folder, "/opt/wghub", Cancel);
        await hub.CopyInAsync(Path.Combine(dotnet, "host"), "/usr/share/dotnet/host", Cancel);
        await hub.CopyInAsync(Path.Combine(dotnet, "shared"), "/usr/share/dotnet/shared", Cancel);
        (await hub.RunAsync(["ln", "-s", "/opt/wghub/wghub", "/usr/local/bin/wghub"], Cancel)).OrThrow();
    }

    /// <summary>The unit as it is shipped; the lab only lets it be reached from the spokes.</summary>
    private static async Task InstallUnitAsync(LabSpoke hub)
    {
        (await hub.RunAsync(["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", "wghub"], Cancel))
            .OrThrow();
        await hub.CopyInAsync(Repository.PathOf("templates/wghub.service"), "/etc/systemd/system/wghub.service", Cancel);
        (await hub.RunAsync(["mkdir", "/etc/systemd/system/wghub.service.d"], Cancel)).OrThrow();
        await hub.WriteFileAsync(
            "/etc/systemd/system/wghub.service.d/lab.conf",
            """
            [Service]
            ExecStart=
            ExecStart=/usr/local/bin/wghub serve --urls http://0.0.0.0:8080 --insecure-http

            """,
            Cancel);
        (await hub.RunAsync(["systemctl", "daemon-reload"], Cancel)).OrThrow();
    }

    /// <summary>
    /// Not root, with two capabilities and no more, and as little exposed as systemd's own judge wants it; what root's commands made is the
    /// service's too.
    /// </summary>
    private static async Task IsHardenedAsync(LabSpoke hub)
    {
        var verdict = (await hub.RunAsync(["systemd-analyze", "security", "--no-pager", "wghub.service"], Cancel)).Output;
        TestContext.Current.TestOutputHelper?.WriteLine(verdict);
        var pid = (await hub.RunAsync(["systemctl", "show", "--property=MainPID", "--value", "wghub"], Cancel)).OrThrow().Trim();
        var status = await hub.ReadFileAsync($"/proc/{pid}/status", Cancel);
        var owners = (await hub.RunAsync(["find", "/var/lib/wghub/", "-printf", "%u %m %f\\n"], Cancel)).OrThrow();

        Assert.InRange(double.Parse(Exposure().Match(verdict).Groups[1].ValueSpan, CultureInfo.InvariantCulture), 0, MostExposed);
        Assert.DoesNotContain("Uid:\t0", status, StringComparison.Ordinal);
        Assert.Matches(@"CapBnd:\t0000000000001400\n", status); // CAP_NET_BIND_SERVICE (10) and CAP_NET_ADMIN (12)
        Assert.Matches(@"NoNewPrivs:\t1\n", status);
        Assert.All(owners.TrimEnd('\n').Split('\n'), line => Assert.Matches("^wghub ((600|700) |644 hosts$)", line)); // names, for a DNS server
    }

    [GeneratedRegex(@"Overall exposure level for wghub\.service: ([0-9.]+)")]
    private static partial Regex Exposure();
}
