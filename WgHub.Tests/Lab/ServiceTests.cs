using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Lab;

/// <summary>The hub as the README says to run it: a service of a machine with systemd.</summary>
[Trait("Kind", "Lab")]
public sealed partial class ServiceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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

        async Task StartAsync(string verb)
        {
            (await hub.RunAsync(["systemctl", .. verb.Split(' '), "wghub"], Cancel)).OrThrow();
            Assert.True(await Eventually.TrueAsync(() => LabHub.IsReadyAsync(visitor, Cancel), Limit, Cancel), await LogAsync());
        }

        async Task<string> LogAsync() => (await hub.RunAsync(["journalctl", "-q", "-u", "wghub"], Cancel)).Output;
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

    /// <summary>The README's own unit; the lab only lets it be reached from the spokes.</summary>
    private static async Task InstallUnitAsync(LabSpoke hub)
    {
        var unit = UnitInReadme().Match(await File.ReadAllTextAsync(Repository.PathOf("README.md"), Cancel)).Groups[1].Value;
        await hub.WriteFileAsync("/etc/systemd/system/wghub.service", unit, Cancel);
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

    [GeneratedRegex(@"```ini\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex UnitInReadme();
}
