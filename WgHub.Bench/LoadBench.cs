using System.Diagnostics;

namespace WgHub.Bench;

/// <summary>What a hub costs those who use it, at growing numbers of peers. "Registered" means durable in the database and live on the interface.</summary>
internal sealed class LoadBench(HubProcess process, HubClient hub, Floor floor, Report report)
{
    private const int Turns = 300;
    private const int Workers = 8;
    private const int Storm = 50;
    private const int Storms = 7;
    private const int FollowUps = 7;
    private const string ConfFile = "/etc/wireguard/wg0.conf";

    /// <summary>The full check and the conf file follow a change by a second; what is timed next must not meet them by chance.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FollowUpLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    private int _named;
    private int _peers;

    public async Task RunAsync()
    {
        var cold = await OneByOneAsync(1);
        report.Latency("first token of a fresh hub", cold.Tokens);
        report.Latency("first registration of a fresh hub", cold.Registrations);
        await OneByOneAsync(Turns); // by now the runtime has compiled what is called often

        await FillAsync(10);
        var few = await AtAsync(10);
        await FillAsync(100);
        await AtAsync(100);
        await FillAsync(1000);
        var thousand = await AtAsync(1000);
        await ReadAsync(thousand.Floor);
        await FollowUpAsync();
        await StormAsync(thousand.Floor);
        await FillAsync(3000);
        await WatchedAsync(5000);
        var many = await AtAsync(5000);
        await ReadAsync(many.Floor);
        await FollowUpAsync();
        report.Fact(
            "growth of a token from 10 to 5,000 peers (floor)", $"{many.Tokens.Median / few.Tokens.Median:F2} × ({many.Floor.Write / few.Floor.Write:F2} ×)");
        report.Fact(
            "growth of a registration from 10 to 5,000 peers (floor)",
            $"{many.Registrations.Median / few.Registrations.Median:F2} × ({many.Floor.WriteLive / few.Floor.WriteLive:F2} ×)");
        await IdleAsync();
    }

    private string NewName() => $"spoke-{Interlocked.Increment(ref _named)}";

    /// <summary>Adds peers, eight callers at once, until there are so many.</summary>
    private async Task FillAsync(int peers)
    {
        var (from, start) = (_peers, Stopwatch.GetTimestamp());
        await Parallel.ForAsync(
            from, peers, new ParallelOptions { MaxDegreeOfParallelism = Workers },
            async (_, _) => await hub.RegisterAsync(await hub.CreateTokenAsync(NewName())));
        _peers = peers;
        if (peers - from > 500)
        {
            report.Fact(
                $"tokens made and registered a second by {Workers} callers, from {from:N0} to {peers:N0} peers",
                $"{(peers - from) / Stopwatch.GetElapsedTime(start).TotalSeconds:F0}");
        }
    }

    private async Task<OneByOne> AtAsync(int peers)
    {
        floor.GrowTo(peers);
        await Task.Delay(Settle);
        var seen = await OneByOneAsync(Turns);
        report.Latency($"floor: one call over HTTP, {peers:N0} peers", seen.Floor.Call);
        report.Latency($"floor: one durable commit, {peers:N0} peers", seen.Floor.Commit);
        report.Latency($"floor: one `wg set`, {peers:N0} peers", seen.Floor.Set);
        report.Latency($"**token, {peers:N0} peers**", seen.Tokens, seen.Floor.Write);
        report.Latency($"**registration, {peers:N0} peers**", seen.Registrations, seen.Floor.WriteLive);
        return seen;
    }

    /// <summary>One caller, one call after the other. Each spoke is removed again, so that the number of peers stays.</summary>
    private async Task<OneByOne> OneByOneAsync(int turns)
    {
        var seen = new OneByOne(new(), new(), new());
        for (var turn = 0; turn < turns; turn++)
        {
            var name = NewName();
            var token = NewToken.From(await seen.Tokens.TimeAsync(() => hub.CreateTokenRawAsync(name)));
            await seen.Registrations.TimeAsync(() => hub.RegisterAsync(token));
            await hub.RemoveAsync(token.SpokeId);
            await floor.TakeTurnAsync(seen.Floor);
        }

        return seen;
    }

    /// <summary>Fifty machines that come at the same moment, each on a connection of its own.</summary>
    private async Task StormAsync(FloorSamples bare)
    {
        var storms = new Samples();
        for (var run = 0; run < Storms; run++)
        {
            var tokens = await Task.WhenAll(Enumerable.Range(0, Storm).Select(_ => hub.CreateTokenAsync(NewName())));
            await Task.Delay(Settle);
            using var machines = HubProcess.NewStranger();
            await storms.TimeAsync(() => Task.WhenAll(tokens.Select(machines.RegisterAsync)));
            foreach (var token in tokens)
            {
                await hub.RemoveAsync(token.SpokeId);
            }
        }

        report.Latency($"{Storm} registrations at once until all are answered, {_peers:N0} peers", storms, bare.WriteLive);
    }

    /// <summary>Adds and edits peers, eight callers at once, while somebody watches that none of those there goes away.</summary>
    private async Task WatchedAsync(int peers)
    {
        var (watch, isOver) = (new LivePeers("wg0"), false);
        var watching = Task.Run(() => watch.WatchAsync(() => Volatile.Read(ref isOver)));
        var from = _peers;
        await Parallel.ForAsync(from, peers, new ParallelOptions { MaxDegreeOfParallelism = Workers }, async (_, _) =>
        {
            var token = await hub.CreateTokenAsync(NewName());
            await hub.RegisterAsync(token);
            await hub.RenameAsync(token.SpokeId, NewName());
            await hub.SetExpiryAsync(token.SpokeId, "2999-01-01T00:00:00Z");
        });
        await Task.Delay(Settle);
        Volatile.Write(ref isOver, true);
        await watching;
        _peers = peers;
        report.Fact(
            $"moments at which a live peer was gone while {Workers} callers made and edited {peers - from:N0} spokes",
            $"{watch.Dips} in {watch.Looks:N0} looks");
    }

    private async Task ReadAsync(FloorSamples bare)
    {
        var dump = new Samples();
        for (var run = 0; run < Turns; run++)
        {
            dump.Time(Floor.Dump);
        }

        report.Latency($"floor: one `wg show dump`, {_peers:N0} peers", dump);
        foreach (var (what, path) in new[] { ("list of 50, API", "/api/spoke/list"), ("spokes page", "/spokes"), ("dashboard", "/") })
        {
            var (samples, bytes) = (new Samples(), 0);
            for (var run = 0; run < Turns; run++)
            {
                bytes = (await samples.TimeAsync(() => hub.GetAsync(path))).Length;
            }

            report.Latency($"{what}, {_peers:N0} peers", samples, bare.Call.Median);
            report.Fact($"size of the {what}, {_peers:N0} peers", $"{bytes / 1e3:F0} kB");
        }
    }

    /// <summary>What follows a registration off its path: a full comparison, and the conf file, whose new time is seen here.</summary>
    private async Task FollowUpAsync()
    {
        var passes = new Samples();
        for (var run = 0; run < FollowUps; run++)
        {
            var token = await hub.CreateTokenAsync(NewName());
            await Task.Delay(Settle);
            var before = File.GetLastWriteTimeUtc(ConfFile);
            await hub.RegisterAsync(token);
            await passes.TimeAsync(() => ConfFileChangedAsync(before));
            await hub.RemoveAsync(token.SpokeId);
        }

        report.Latency($"registration → full check and conf file, after one second for more changes, {_peers:N0} peers", passes);
    }

    private static async Task<DateTime> ConfFileChangedAsync(DateTime before)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < FollowUpLimit; await Task.Delay(1))
        {
            if (File.GetLastWriteTimeUtc(ConfFile) is var now && now != before)
            {
                return now;
            }
        }

        throw new TimeoutException($"{ConfFile} was not written after a registration.");
    }

    private async Task IdleAsync()
    {
        await Task.Delay(Settle);
        var (ours, _) = Machine.ProcessorSeconds();
        await Task.Delay(Idle);
        report.Fact(
            $"processor when idle, with its programs, {_peers:N0} peers", $"{(Machine.ProcessorSeconds().Ours - ours) / Idle.TotalSeconds:P1} of a core");
        report.Fact($"memory (RSS) after all this, {_peers:N0} peers", $"{Machine.ResidentMiB(process.Id):F0} MiB");
    }
}

/// <summary>Figures taken turn by turn.</summary>
internal sealed record OneByOne(Samples Tokens, Samples Registrations, FloorSamples Floor);
