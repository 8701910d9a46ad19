namespace WgHub.Bench;

/// <summary>
/// What a hub costs when nobody asks it anything, and while one page is open, on an interface where a fifth of the peers has moved
/// something every two seconds. Its own processor time and that of the programs it starts, apart.
/// </summary>
internal static class IdleBench
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PageEvery = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(string binary, string folder, Report report)
    {
        foreach (var peers in new[] { 5_000, 20_000 })
        {
            await RunAsync(binary, Directory.CreateDirectory(Path.Combine(folder, $"idle{peers}")).FullName, peers, report);
            Programs.Run("ip", "link", "delete", "wg0");
        }
    }

    private static async Task RunAsync(string binary, string folder, int peers, Report report)
    {
        await using var wg = new BusyInterface(folder, peers);
        await using var hub =
            await HubProcess.StartAsync(binary, Directory.CreateDirectory(Path.Combine(folder, "data")).FullName, ("WGHUB_WireGuard__WgCommand", wg.Program));
        using var client = hub.NewClient();
        await client.ImportAsync(wg.Conf);
        wg.Begin();
        await Task.Delay(Settle);
        report.Fact($"processor when nobody looks, the hub's own + its programs', {peers:N0} peers", await MeasureAsync(hub.Id, () => Task.CompletedTask));
        report.Fact($"the same while one dashboard is open, {peers:N0} peers", await MeasureAsync(hub.Id, () => client.GetAsync("/")));
    }

    private static async Task<FormattableString> MeasureAsync(int processId, Func<Task> look)
    {
        var before = Machine.ProcessorSecondsOf(processId);
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < Watch; await Task.Delay(PageEvery))
        {
            await look();
        }

        var after = Machine.ProcessorSecondsOf(processId);
        return $"{(after.Own - before.Own) / Watch.TotalSeconds:P2} + {(after.Children - before.Children) / Watch.TotalSeconds:P2} of a core";
    }
}
