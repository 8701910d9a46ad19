using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WgHub.Features.Reports;
using WgHub.Features.Spokes;
using WgHub.TestKit;
using WgHub.WireGuard;

namespace WgHub.Features.History;

/// <summary>From looks at the interface to the answer. The clock is the test's, and so are the looks.</summary>
public sealed class HistoryTests : TimedHubTest
{
    private long _look = 1_000_000;
    private string _life = "first life";

    [Fact]
    public async Task An_hour_is_told_by_ten_seconds_a_day_by_minutes_and_longer_by_more()
    {
        var spoke = await Hub.EnrolAsync();
        for (var minute = 0; minute < 26 * 60; minute++)
        {
            await LookAsync(TimeSpan.FromMinutes(1), (spoke.Key, 60 * (minute + 1), 6 * (minute + 1)));
        }

        for (var look = 0; look < 30; look++)
        {
            await LookAsync(TimeSpan.FromSeconds(10), (spoke.Key, (60 * 26 * 60) + look, 6 * 26 * 60));
        }

        Assert.Equal(10, (await ReadAsync(spoke.Id, TimeSpan.FromMinutes(20))).Step);
        Assert.Equal(60, (await ReadAsync(spoke.Id, TimeSpan.FromHours(3))).Step);
        Assert.Equal(60, (await ReadAsync(spoke.Id, TimeSpan.FromHours(24))).Step);
        Assert.Equal(300, (await ReadAsync(spoke.Id, TimeSpan.FromHours(47))).Step);
        Assert.Equal(3600, (await ReadAsync(spoke.Id, TimeSpan.FromDays(30))).Step);
        Assert.Equal(6 * 3600, (await ReadAsync(spoke.Id, TimeSpan.FromDays(300))).Step);
        foreach (var length in new[] { 2, 25, 26, 40, 24 * 30, 24 * 365 })
        {
            var history = await ReadAsync(spoke.Id, TimeSpan.FromHours(length));
            Assert.InRange(history.Points.Count, 1, 1_500);
            Assert.All(history.Points.Skip(1), point => Assert.InRange(point.Rx, 0, history.Step + 30));
        }

        var counters = await Hub.Viewer.GetAsync($"/api/spoke/{spoke.Id}");
        foreach (var length in new[] { 40, 24 * 30, 24 * 365 })
        {
            var points = (await ReadAsync(spoke.Id, TimeSpan.FromHours(length))).Points;
            Assert.Equal(counters.At("transferRx").GetInt64(), points.Sum(point => point.Rx + point.Late));
        }
    }

    [Fact]
    public async Task Times_in_which_nobody_looked_are_not_there_and_their_bytes_are_late()
    {
        var spoke = await Hub.EnrolAsync();
        await LookAsync(TimeSpan.FromSeconds(10), (spoke.Key, 100, 0));
        await LookAsync(TimeSpan.FromSeconds(10), (spoke.Key, 200, 0));
        await Hub.RestartAsync();
        _look += 1_000_000;
        await LookAsync(TimeSpan.FromHours(3), (spoke.Key, 5_200, 0));
        await LookAsync(TimeSpan.FromSeconds(10), (spoke.Key, 5_300, 0));

        var (step, points) = await ReadAsync(spoke.Id, TimeSpan.FromHours(4));

        Assert.Equal(60, step);
        Assert.Equal([(100L, 100L), (100, 5_000)], points.Select(point => (point.Rx, point.Late)));
        Assert.Equal(TimeSpan.FromHours(3), points[1].At - points[0].At);
    }

    [Fact]
    public async Task A_new_life_of_the_interface_and_a_killed_hub_lose_no_bytes()
    {
        var spoke = await Hub.EnrolAsync();
        await LookAsync(TimeSpan.FromSeconds(10), (spoke.Key, 9_000, 9_000));
        _life = "second life";
        await LookAsync(TimeSpan.FromSeconds(10), (spoke.Key, 500, 500));
        await LookAsync(TimeSpan.FromMinutes(11), (spoke.Key, 600, 600)); // written

        // What a kill takes: the memory of the loop. The spoke's counters are in the database.
        await LookAsync(TimeSpan.FromSeconds(10), (spoke.Key, 700, 700));
        using (var other = new SecondLoop(Hub, Time))
        {
            await LookAsync(TimeSpan.FromMinutes(3), (spoke.Key, 900, 900), other.Loop);
            var points = (await ReadAsync(other.History, spoke.Id, TimeSpan.FromHours(1))).Points;

            Assert.Equal(9_900, points.Sum(point => point.Rx + (point.Late?.Rx ?? 0)));
            Assert.All(points, point => Assert.True(point is { Rx: >= 0, Tx: >= 0 }));
            Assert.Equal(300, points[^1].Late?.Rx);
        }
    }

    [Fact]
    public async Task Connected_is_who_had_a_handshake_and_is_on_the_interface()
    {
        var (alive, silent, off) = (await Hub.EnrolAsync(), await Hub.EnrolAsync(), await Hub.EnrolAsync());
        (await Hub.Operator.PatchAsync($"/api/spoke/{off.Id}", new { enabled = false })).Expect(HttpStatusCode.OK);
        await LookAsync(TimeSpan.FromSeconds(10), [(alive.Key, 1, 1), (silent.Key, 0, 0)]);

        Assert.True((await ReadAsync(alive.Id, TimeSpan.FromMinutes(1))).Points[^1].Connected);
        Assert.False((await ReadAsync(silent.Id, TimeSpan.FromMinutes(1))).Points[^1].Connected);
        Assert.False((await ReadAsync(off.Id, TimeSpan.FromMinutes(1))).Points[^1].Connected);
        Assert.Empty((await ReadAsync(alive.Id, TimeSpan.FromDays(300), before: TimeSpan.FromDays(2))).Points);
    }

    [Fact]
    public async Task What_was_of_a_removed_spoke_goes_and_so_does_what_is_too_old_when_the_clock_is_calm()
    {
        var (goes, stays) = (await Hub.EnrolAsync(), await Hub.EnrolAsync());
        await LookAsync(TimeSpan.FromSeconds(10), [(goes.Key, 1, 1), (stays.Key, 1, 1)]);
        await LookAsync(TimeSpan.FromMinutes(11), [(goes.Key, 2, 2), (stays.Key, 2, 2)]);
        Assert.Equal(2, Rows("spoke_id"));

        (await Hub.Operator.DeleteAsync($"/api/spoke/{goes.Id}")).Expect(HttpStatusCode.OK);
        (await Hub.Viewer.GetAsync($"/api/spoke/{goes.Id}/history")).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
        await LookAsync(TimeSpan.FromMinutes(11), (stays.Key, 3, 3));
        Assert.Equal(1, Rows("spoke_id"));
        var blocks = Rows("starts_at || '/' || step");

        await LookAsync(TimeSpan.FromDays(3_000), (stays.Key, 4, 4)); // a clock that is wrong for a moment
        Assert.Equal(blocks + 2, Rows("starts_at || '/' || step"));
        Time.Advance(TimeSpan.FromDays(-3_000));
        for (var look = 0; look < 7; look++)
        {
            await LookAsync(TimeSpan.FromMinutes(10), (stays.Key, 5, 5));
        }

        Assert.True(Rows("starts_at || '/' || step") >= blocks + 2);
        Time.Advance(TimeSpan.FromDays(401));
        for (var look = 0; look < 7; look++)
        {
            await LookAsync(TimeSpan.FromMinutes(10), (stays.Key, 6, 6));
        }

        Assert.Equal(4, Rows("starts_at || '/' || step"), 2.0); // of the last hours, and those of the clock that was ahead
    }

    [Theory]
    [InlineData("from=yesterday")]
    [InlineData("from=2026-11-21T12:00:00Z&to=2026-11-21T12:00:00Z")]
    [InlineData("from=2030-01-01T00:00:00Z&to=2029-01-01T00:00:00Z")]
    [InlineData("from=9999-12-31T23:59:59Z")]
    [InlineData("to=99999999999999")]
    [InlineData("from=%00&to='or 1=1")]
    public async Task Times_that_are_none_are_refused(string query) =>
        (await Hub.Viewer.GetAsync($"/api/spoke/{(await Hub.EnrolAsync()).Id}/history?{query}")).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

    [Theory]
    [InlineData("from=0001-01-01T00:00:00Z")]
    [InlineData("from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z")]
    [InlineData("to=0001-01-01T00:00:00Z")]
    [InlineData("to=9999-12-31T23:59:59Z")]
    [InlineData("from=1960-01-01T00:00:00%2B14:00&to=1970-01-01T00:00:00Z")]
    public async Task Times_far_away_are_answered_with_what_there_is(string query) =>
        (await Hub.Viewer.GetAsync($"/api/spoke/{(await Hub.EnrolAsync()).Id}/history?{query}")).Expect(HttpStatusCode.OK);

    private Task LookAsync(TimeSpan later, params (string Key, long Received, long Sent)[] peers) => LookAsync(later, peers, Hub.Get<HistoryLoop>());

    private Task LookAsync(TimeSpan later, (string Key, long Received, long Sent) peer, HistoryLoop loop) => LookAsync(later, [peer], loop);

    /// <summary>The clock goes on, and the interface is seen so.</summary>
    private async Task LookAsync(TimeSpan later, (string Key, long Received, long Sent)[] peers, HistoryLoop loop)
    {
        Time.Advance(later);
        var handshake = Time.GetUtcNow().ToUnixTimeSeconds();
        Hub.Get<HubReports>().Publish(new(
            Time.GetUtcNow(), ++_look, _life,
            peers.ToDictionary(
                peer => PublicKey.Parse(peer.Key),
                peer => new PeerSeen("192.0.2.1:51820", "", peer.Received > 0 ? handshake : 0, peer.Received, peer.Sent)),
            PeerPlan.Nothing, null));
        await loop.RunOnceAsync(Cancel);
    }

    private async Task<(int Step, IReadOnlyList<(DateTimeOffset At, long Rx, long Late, bool Connected)> Points)> ReadAsync(
        string id, TimeSpan length, TimeSpan before = default)
    {
        var to = Time.GetUtcNow() - before;
        var query = string.Create(CultureInfo.InvariantCulture, $"from={to - length:yyyy-MM-ddTHH:mm:ssZ}&to={to:yyyy-MM-ddTHH:mm:ssZ}");
        var answer = (await Hub.Viewer.GetAsync($"/api/spoke/{id}/history?{query}")).Expect(HttpStatusCode.OK);
        return (answer.At("step").GetInt32(), [.. answer.At("points").EnumerateArray().Select(point => (
            point.GetProperty("at").GetDateTimeOffset(), point.GetProperty("rx").GetInt64(),
            point.TryGetProperty("late", out var late) ? late.GetProperty("rx").GetInt64() : 0, point.GetProperty("connected").GetBoolean()))]);
    }

    private Task<HistoryDto> ReadAsync(SpokeHistory history, string id, TimeSpan length) =>
        history.ReadAsync(id, Time.GetUtcNow() - length, Time.GetUtcNow(), Cancel);

    private long Rows(string distinct) =>
        Hub.Database.Read(tx => tx.Count($"select count(distinct {new Storage.SqlPart(distinct)}) from spoke_history"));

    /// <summary>The loop of another process on the same data, with nothing in memory.</summary>
    private sealed class SecondLoop : IDisposable
    {
        public SecondLoop(TestHub hub, TimeProvider time)
        {
            var store = hub.Get<HistoryStore>();
            var options = hub.Get<IOptions<HistoryOptions>>();
            var book = new HistoryBook(store, hub.Get<LivePeers>());
            Loop = new(book, store, hub.Get<Sampler>(), hub.Get<HubReports>(), options, time, NullLogger<HistoryLoop>.Instance);
            History = new(hub.Database, store, book, options, time);
        }

        public HistoryLoop Loop { get; }

        public SpokeHistory History { get; }

        public void Dispose() => Loop.Dispose();
    }
}
