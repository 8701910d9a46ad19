namespace WgHub.Bench;

/// <summary>What the file costs: on the disk, until the first page, and in memory when nobody asks for anything.</summary>
internal static class StartBench
{
    private const int Runs = 7;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(string binary, string folder, Report report)
    {
        var starts = new Samples();
        for (var run = 1; run <= Runs; run++)
        {
            await using var hub = await HubProcess.StartAsync(binary, Directory.CreateDirectory(Path.Combine(folder, $"start{run}")).FullName);
            starts.Add(hub.FirstPage);
            if (run == Runs)
            {
                await Task.Delay(Settle);
                report.Latency("start of a fresh hub → first page", starts);
                report.Fact("memory (RSS) when idle, before the set-up", $"{Machine.ResidentMiB(hub.Id):F0} MiB");
            }
        }

        report.Fact("file", $"{new FileInfo(binary).Length / 1e6:F1} MB");
        report.Fact("file as .xz", $"{long.Parse(Programs.Read("sh", "-c", """xz -T0 -c "$1" | wc -c""", "sh", binary)) / 1e6:F1} MB");
    }
}
