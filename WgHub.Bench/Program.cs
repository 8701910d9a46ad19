using System.Diagnostics;
using System.Globalization;
using WgHub.Bench;

if (args is not [var binary, var recorded, .. var rest]
    || rest is not ([] or ["--record"] or ["--web"] or ["--idle"] or ["--load"] or ["--pool"] or ["--policy"] or ["--import"] or ["--history"]))
{
    await Console.Error.WriteLineAsync(
        "usage: WgHub.Bench BINARY RESULTS.md [--record | --web | --idle | --load | --pool | --policy | --import | --history]; by run.sh");
    return 64;
}

const int Restarts = 5;
var report = new Report();
var (start, before) = (Stopwatch.GetTimestamp(), Machine.ProcessorSeconds());
var folder = Directory.CreateTempSubdirectory("wghub-bench-").FullName;
try
{
    if (Measures("--web"))
    {
        await FloodBench.RunAsync(report);
        await OverheadBench.RunAsync(Path.Combine(folder, "web"), report);
    }

    if (Measures("--pool"))
    {
        await PoolBench.RunAsync(Path.Combine(folder, "pool"), report);
    }

    if (Measures("--policy"))
    {
        PolicyBench.Run(report);
    }

    if (Measures("--history"))
    {
        await HistoryBench.RunAsync(Path.Combine(folder, "history"), report);
    }

    if (Measures("--import"))
    {
        await ImportBench.RunAsync(binary, folder, report);
    }

    if (Measures("--idle"))
    {
        await IdleBench.RunAsync(binary, folder, report);
    }

    if (Measures("--load"))
    {
        await StartBench.RunAsync(binary, folder, report);
        await MeasureLoadAsync(Directory.CreateDirectory(Path.Combine(folder, "data")).FullName);
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

var after = Machine.ProcessorSeconds();
var others = (after.All - before.All - (after.Ours - before.Ours)) / Stopwatch.GetElapsedTime(start).TotalSeconds;
var results = new Results(recorded);
var run = string.Create(
    CultureInfo.InvariantCulture,
    $"""
    {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Programs.Read(binary, "version").Trim()}, {Results.KindOf(binary)}; {Machine.Describe()};
    others used {Math.Max(0, others):P0} of a core meanwhile.
    """);
Console.WriteLine($"{run}\n\n{report.Beside(results.Read())}");
if (rest is ["--record"])
{
    results.Write($"{run}\n\n{report}");
}

return 0;

bool Measures(string part) => rest is [] or ["--record"] || rest[0] == part;

async Task MeasureLoadAsync(string data)
{
    await using (var hub = await HubProcess.StartAsync(binary, data))
    {
        using var client = hub.NewClient();
        await client.InitializeAsync();
        await hub.ReadyAsync();
        using var floor = new Floor(client, Path.Combine(folder, "floor.db"));
        await new LoadBench(hub, client, floor, report).RunAsync();
    }

    var restarts = new Samples();
    for (var run = 0; run < Restarts; run++)
    {
        await using var again = await HubProcess.StartAsync(binary, data);
        restarts.Add(again.FirstPage);
    }

    report.Latency("start → first page, 5,000 peers", restarts);
}
