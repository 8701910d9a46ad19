namespace WgHub.Bench;

/// <summary>What the file costs: on the disk, until the first page, and in memory when nobody asks for anything.</summary>
internal static class StartBench
{
    private const int Runs = 7;
    private const int Versions = 10; // /proc counts hundredths of a second
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

        await MeasureProcessorAsync(binary, folder, report);
        report.Fact("file", $"{new FileInfo(binary).Length / 1e6:F1} MB");
        report.Fact("file as .xz", $"{long.Parse(Programs.Read("sh", "-c", """xz -T0 -c "$1" | wc -c""", "sh", binary)) / 1e6:F1} MB");
    }

    /// <summary>The floor is a run of the same file that only tells its version; both in turn, so that the machine's mood is in both.</summary>
    private static async Task MeasureProcessorAsync(string binary, string folder, Report report)
    {
        var (version, ready) = (new Samples(), new Samples());
        for (var run = 1; run <= Runs; run++)
        {
            var before = TimeSpan.FromSeconds(Machine.ProcessorSecondsOf(Environment.ProcessId).Children);
            for (var time = 0; time < Versions; time++)
            {
                Programs.Read(binary, "version");
            }

            version.Add((TimeSpan.FromSeconds(Machine.ProcessorSecondsOf(Environment.ProcessId).Children) - before) / Versions);
            await using var hub = await HubProcess.StartUntilReadyAsync(binary, Directory.CreateDirectory(Path.Combine(folder, $"ready{run}")).FullName);
            ready.Add(TimeSpan.FromSeconds(Machine.ProcessorSecondsOf(hub.Id).Own));
        }

        report.Latency("floor: processor time of `wghub version`", version);
        report.Latency("processor time from the start of a fresh hub until it is ready", ready, version.Median);
    }
}
