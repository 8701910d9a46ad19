using System.Diagnostics;
using System.Text;

namespace WgHub.Bench;

/// <summary>What a large import costs, and how long somebody else waits meanwhile who wants a token.</summary>
internal static class ImportBench
{
    private const int Networks = 40_000;
    private const int Peers = 6_000;

    public static async Task RunAsync(string binary, string folder, Report report)
    {
        await using (var hub = await HubProcess.StartAsync(binary, Directory.CreateDirectory(Path.Combine(folder, "import")).FullName))
        {
            using var client = hub.NewClient();
            await client.InitializeAsync();
            await hub.ReadyAsync();
            await client.PlanAsync(ConfOf(100, peer => $"10.64.200.{peer}/32")); // what compiles when it is called first
            report.Fact($"an import of one peer with {Networks:N0} networks, looked at: processor", $"{await PlanAsync(hub, client):F2} s");
            await ImportAsync(hub, client, report);
        }

        Programs.Run("ip", "link", "delete", "wg0");
    }

    private static async Task<double> PlanAsync(HubProcess hub, HubClient client)
    {
        var networks = string.Join(", ", Enumerable.Range(0, Networks).Select(i => $"172.{16 + (i >> 14)}.{(i >> 6) & 255}.{(i & 63) << 2}/30"));
        var before = Machine.ProcessorSecondsOf(hub.Id).Own;
        await client.PlanAsync(ConfOf(1, _ => $"10.64.200.1/32, {networks}"));
        return Machine.ProcessorSecondsOf(hub.Id).Own - before;
    }

    /// <summary>By processor time of the hub, which a crowded machine does not change: that is what a wait consists of.</summary>
    private static async Task ImportAsync(HubProcess hub, HubClient client, Report report)
    {
        var before = Machine.ProcessorSecondsOf(hub.Id).Own;
        var import = client.ImportAsync(ConfOf(Peers, peer => $"10.64.{100 + (peer / 250)}.{1 + (peer % 250)}/32"));
        var (longest, waits) = (0.0, new Samples());
        for (var i = 0; !import.IsCompleted; i++)
        {
            var (start, used) = (Stopwatch.GetTimestamp(), Machine.ProcessorSecondsOf(hub.Id).Own);
            await client.CreateTokenAsync($"meanwhile-{i}");
            longest = Math.Max(longest, Machine.ProcessorSecondsOf(hub.Id).Own - used);
            waits.Add(Stopwatch.GetElapsedTime(start));
        }

        await import;
        report.Fact($"an import of {Peers:N0} peers, looked at and made: processor", $"{Machine.ProcessorSecondsOf(hub.Id).Own - before:F2} s");
        report.Fact($"the longest that a token waited meanwhile: the hub's processor, of {waits.Count} tokens", $"{longest:F2} s");
    }

    private static string ConfOf(int peers, Func<int, string> networks)
    {
        var conf = new StringBuilder("[Interface]\nAddress = 10.64.0.1/16\nListenPort = 51820\n");
        for (var peer = 1; peer <= peers; peer++)
        {
            conf.Append($"\n# machine-{peer}\n[Peer]\nPublicKey = {HubClient.NewKey()}\nAllowedIPs = {networks(peer)}\n");
        }

        return conf.ToString();
    }
}
