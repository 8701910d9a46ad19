using System.Text.Json;
using System.Text.Json.Nodes;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Lab;

/// <summary>
/// A hub that all is well with, in a network of its own, and <c>wghub doctor</c> beside it. The hub is held (SIGSTOP) once it is set up: what a
/// test breaks stays broken until it is looked at.
/// </summary>
public sealed class DoctorSite : IAsyncLifetime
{
    public const string Network = "10.8.0.0/22", Network6 = "fd42:8::/64";

    /// <summary>What is never well here: the kernel of a machine for tests may have nobody who keeps its clock.</summary>
    private static readonly string[] OfThisMachine = ["CLOCK_UNSYNCED"];

    private LabNet? _net;
    private LabHub? _hub;

    internal LabNet Net => _net!;

    internal LabHub Hub => _hub!;

    /// <summary>The key of the one spoke, which exists on paper only.</summary>
    internal string SpokeKey { get; } = LabApi.NewPublicKey();

    public async ValueTask InitializeAsync()
    {
        _net = await LabNet.CreateAsync(Cancel);
        await Net.HubNetwork.IpAsync("route add default via 10.77.0.99 dev lab0", Cancel);
        var backups = Directory.CreateDirectory(Path.Combine(Net.Home.FullName, "hub-data", "backups"));
        await File.WriteAllTextAsync(Path.Combine(backups.FullName, $"wghub-{FileStamp.Now(TimeProvider.System)}.age"), "", Cancel);
        await File.WriteAllTextAsync(
            Path.Combine(backups.Parent!.FullName, "wghub.json"),
            JsonSerializer.Serialize(new Dictionary<string, string> { ["Web:PublicUrl"] = LabHub.Url, ["WireGuard:ReconcileSeconds"] = "1" }), Cancel);
        await ShellAsync($"chmod -R go= {backups.Parent.FullName}");
        _hub = await Net.StartHubAsync(new Dictionary<string, string>(), Cancel);
        using var admin = await Hub.SignInAsync(Roles.Admin, Cancel);
        await admin.InitializeAsync("203.0.113.9:51820", Cancel);
        await admin.ConfigureAsync(new() { ["networkCIDRv6"] = Network6 }, Cancel);
        await admin.PutAsync(
            "/api/policy",
            new() { ["rules"] = new JsonArray(new JsonObject { ["from"] = "anybody", ["to"] = "anybody", ["protocol"] = "any", ["ports"] = "" }) }, Cancel);
        var token = await admin.CreateTokenAsync("paper", Cancel);
        await admin.RegisterAsync(token.Secret, SpokeKey, Cancel);
        await LetTheHubMendAsync();
    }

    /// <summary>Lets the hub go on until all is well, and holds it again.</summary>
    internal async Task LetTheHubMendAsync()
    {
        await Hub.SignalAsync("CONT", Cancel);
        await Eventually.TrueAsync(async () => (await CodesAsync()).Count == 1, TimeSpan.FromSeconds(15), Cancel);
        await Hub.SignalAsync("STOP", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_net is not null)
        {
            await _net.DisposeAsync();
        }
    }

    /// <summary>The codes of all that is not well, but for <see cref="OfThisMachine"/>.</summary>
    internal async Task<IReadOnlySet<string>> CodesAsync(params string[] around)
    {
        var told = await Net.RunAsync([.. around, LabHub.Binary, "doctor", "--json", "--data", Hub.DataFolder], Cancel);
        var report = told.ExitCode <= 2 && told.Output.StartsWith('{') ? JsonElement.Parse(told.Output) : throw new InvalidOperationException($"{told}");
        Assert.Equal(report.GetProperty("level").GetString(), new[] { "ok", "warning", "failure" }[told.ExitCode]);
        return report.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("level").GetString() != "ok")
            .Select(finding => finding.GetProperty("code").GetString()!)
            .Except(OfThisMachine)
            .ToHashSet();
    }

    internal async Task<string> TextAsync() => (await Hub.CommandAsync(["doctor"], Cancel)).Output;

    /// <summary>A line of a shell where the hub runs.</summary>
    internal async Task<string> ShellAsync(string line) => (await Net.RunAsync(["sh", "-c", line], Cancel)).OrThrow();

    /// <summary>All that a look could have changed: files, interface, addresses, routes, rulesets and the kernel's switches.</summary>
    internal Task<string> TracesAsync() => ShellAsync(
        $"""
        find {Hub.DataFolder} {Net.ConfigFolder} ! -name wghub.db-shm -printf '%p %m %u %g %s %T@\n' | sort
        find {Hub.DataFolder} -type f ! -name wghub.db-shm -exec sha256sum {"{}"} + | sort
        ip -json address; ip -json link; ip -json route show table all; ip -json -6 route show table all; ip -json rule; ip -json -6 rule
        nft -s list ruleset; wg showconf wg0 || true; ls /run/wireguard
        sysctl -a 2>/dev/null | grep -E '^net\.(ipv4|ipv6)\.(conf|ip_forward)' | grep -v stable_secret
        """);
}
