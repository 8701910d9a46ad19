using System.Diagnostics;
using System.Globalization;
using WgHub.Features.Leases;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Bench;

/// <summary>What a name and a free address cost at any number of those that are taken. The database's own part of it: no commit is waited for.</summary>
internal static class PoolBench
{
    private const int Times = 500;
    private const int Ranges = 50;
    private const string Group = "servers";

    private static readonly Ipv4Network Network = Ipv4Network.Parse("10.0.0.0/8");
    private static readonly DateTimeOffset Never = new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(string folder, Report report)
    {
        foreach (var taken in new[] { 10, 65_000 })
        {
            using var database = new Database(new(Directory.CreateDirectory(Path.Combine(folder, $"{taken}")).FullName), TimeProvider.System);
            var leases = new LeaseStore(database);
            await database.WriteAsync(
                tx =>
                {
                    leases.SetNetwork(tx, tx.OwnHub, new(Network, null, Network.FirstHost));
                    Take(tx, leases, "taken", null, taken);
                    report.Latency($"a free address, {taken:N0} taken", Take(tx, leases, "free", null, Times));
                    AddressRanges.Set(tx, tx.OwnHub, [.. Enumerable.Range(0, Ranges).Select(RangeAt)]);
                    report.Latency($"the first ones beside {Ranges} ranges, {taken:N0} taken", Take(tx, leases, "first", null, 1));
                    report.Latency($"the next beside {Ranges} ranges, {taken:N0} taken", Take(tx, leases, "beside", null, Times));
                    report.Latency($"one of a group's own, {taken:N0} taken", Take(tx, leases, "own", Group, Times));
                },
                CancellationToken.None);
        }
    }

    /// <summary>From among those that are taken on, each with a gap behind it.</summary>
    private static AddressRange RangeAt(int number)
    {
        var first = Network.First + 64_000 + ((uint)number * 4_000);
        return new(number == 0 ? Group : $"other {number}", new(first), new(first + 3_499));
    }

    private static Samples Take(Tx tx, LeaseStore leases, string name, string? group, int times)
    {
        var samples = new Samples();
        for (var number = 0; number < times; number++)
        {
            var start = Stopwatch.GetTimestamp();
            var id = string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
            leases.Reserve(tx, tx.OwnHub, id, SpokeName.TryParse(id, out var parsed) ? parsed : throw new FormatException(id), new(group), Never);
            samples.Add(Stopwatch.GetElapsedTime(start));
        }

        return samples;
    }
}
