using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Threading.RateLimiting;
using WgHub.Web;

namespace WgHub.Bench;

/// <summary>What a flood from a million addresses costs the limiter: ours, and the framework's with a partition for each address.</summary>
internal static class FloodBench
{
    private const int Addresses = 1_000_000;
    private const int Share = 10;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Report report)
    {
        foreach (var (family, addressOf) in new (string, Func<int, IPAddress>)[] { ("IPv4 addresses", V4), ("IPv6 networks, /64", V6) })
        {
            await MeasureAsync(
                $"{Addresses:N0} {family}", () => new AddressLimiter(Share, Window, TimeProvider.System),
                (limiter, i) => limiter.TryTake(addressOf(i), out _), report);
            await MeasureAsync(
                $"the same with the framework's limiter, {family}", NewOfFramework, (limiter, i) => limiter.AttemptAcquire(addressOf(i)).Dispose(), report);
        }
    }

    private static async Task MeasureAsync<T>(string what, Func<T> create, Action<T, int> take, Report report)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var limiter = create();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Addresses; i++)
        {
            take(limiter, i);
        }

        var each = Stopwatch.GetElapsedTime(start) / Addresses;
        var growth = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0 / 1024;
        var used = Environment.CpuUsage.TotalTime;
        await Task.Delay(Idle);
        var idle = (Environment.CpuUsage.TotalTime - used) / Idle;
        GC.KeepAlive(limiter);
        report.Fact($"flood: {what}", $"{growth:F1} MiB, {each.TotalMicroseconds:F1} µs each, then {idle:P1} of a core when idle");
        await ((limiter as IAsyncDisposable)?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static PartitionedRateLimiter<IPAddress> NewOfFramework() => PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new() { PermitLimit = Share, Window = Window }));

    private static IPAddress V4(int number) => new(0x0b00_0000L + number);

    private static IPAddress V6(int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        bytes[0] = 0x20;
        BinaryPrimitives.WriteInt32BigEndian(bytes[2..], number);
        return new(bytes);
    }
}
