using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace WgHub.Bench;

#pragma warning disable RS0030 // A bench starts the program that it measures.

/// <summary>From nothing to the first page, as somebody sees it who starts a fresh hub and opens its address.</summary>
internal static class StartBench
{
    private const int Runs = 7;
    private static readonly Uri Hub = new("http://127.0.0.1:18079");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string binary)
    {
        List<double> starts = [];
        for (var run = 1; run <= Runs; run++)
        {
            var data = Directory.CreateTempSubdirectory("wghub-bench-").FullName;
            using var hub = Process.Start(new ProcessStartInfo(binary, ["serve", "--data", data, "--urls", Hub.OriginalString])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            try
            {
                starts.Add(await FirstPageAsync(hub));
                if (run == Runs)
                {
                    await Task.Delay(Settle);
                    Report(binary, starts, hub.Id);
                }
            }
            finally
            {
                hub.Kill();
                await hub.WaitForExitAsync();
                Directory.Delete(data, recursive: true);
            }
        }

        return 0;
    }

    /// <returns>Milliseconds.</returns>
    /// <exception cref="TimeoutException">No page came.</exception>
    private static async Task<double> FirstPageAsync(Process hub)
    {
        var start = Stopwatch.GetTimestamp();
        using var client = new HttpClient();
        while (Stopwatch.GetElapsedTime(start) < Limit && !hub.HasExited)
        {
            try
            {
                using var page = await client.GetAsync(Hub);
                page.EnsureSuccessStatusCode();
                return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
            catch (HttpRequestException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                await Task.Delay(1);
            }
        }

        throw new TimeoutException($"No page came from {Hub}; is the port free?");
    }

    private static void Report(string binary, List<double> starts, int hub)
    {
        starts.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"file          {new FileInfo(binary).Length / 1e6:F1} MB"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first page    {starts[0]:F0} ms at best, {starts[Runs / 2]:F0} ms median of {Runs}"));
        foreach (var line in File.ReadLines($"/proc/{hub}/status").Where(line => line.StartsWith("VmRSS", StringComparison.Ordinal) || line.StartsWith("RssAnon", StringComparison.Ordinal)))
        {
            Console.WriteLine($"idle {line.Replace("\t", " ", StringComparison.Ordinal)}");
        }
    }
}
