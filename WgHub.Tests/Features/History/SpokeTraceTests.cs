using FsCheck.Fluent;
using WgHub.TestKit;

namespace WgHub.Features.History;

/// <summary>How looks become points.</summary>
public sealed class SpokeTraceTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Seconds since the look before, also back, and the counters.</summary>
    private static readonly FsCheck.Gen<(int Seconds, int Received, int Sent)[]> Looks =
        (from seconds in Gen.Frequency((6, Gen.Choose(1, 31)), (1, Gen.Choose(-4_000, 20_000)), (1, Gen.Choose(-40_000_000, 40_000_000)))
         from received in Gen.Choose(-100, 5_000)
         from sent in Gen.Choose(0, 5_000)
         select (seconds, received, sent)).ListOf().Select(looks => looks.ToArray());

    [Fact]
    public void However_the_clock_goes_every_step_adds_up_to_the_counters_and_nothing_is_negative() => Any.Holds(Looks, looks =>
    {
        var trace = new SpokeTrace(HistoryTotals.None);
        var (at, received, sent, expected, expectedSent) = (Start, 0L, 0L, 0L, 0L);
        foreach (var look in looks)
        {
            at = at.AddSeconds(look.Seconds);
            expected += Math.Max(0, received + look.Received) - received > 0 ? Math.Max(0, received + look.Received) - received : 0;
            (received, sent, expectedSent) = (Math.Max(0, received + look.Received), sent + look.Sent, expectedSent + look.Sent);
            trace.Look(at, true, received, sent);
        }

        return new[] { trace.Minutes.All, trace.Hours.All }.All(points =>
            points.Sum(one => one.Point.ReceivedBytes + one.Point.LateReceivedBytes) == expected
            && points.Sum(one => one.Point.SentBytes + one.Point.LateSentBytes) == expectedSent
            && points.All(one => one.Point is { ReceivedBytes: >= 0, SentBytes: >= 0, LateReceivedBytes: >= 0, LateSentBytes: >= 0 }));
    });

    [Fact]
    public void Looks_of_every_half_minute_are_spread_and_a_pause_is_a_gap()
    {
        var trace = new SpokeTrace(new(Start, 0, 0));
        trace.Look(Start.AddSeconds(30), true, 300, 30);
        trace.Look(Start.AddSeconds(130), true, 1_000, 30);

        Assert.Equal(
            [(1L, 100L, 0L), (2, 100, 0), (3, 100, 0), (13, 0, 700)],
            Seen(trace.Recent.All, HistoryStep.Recent).Select(one => (one.Slot, one.Point.ReceivedBytes, one.Point.LateReceivedBytes)));
        Assert.Equal([(0L, 300L, 0L), (2, 0, 700)], Seen(trace.Minutes.All, HistoryStep.Minutes)
            .Select(one => (one.Slot, one.Point.ReceivedBytes, one.Point.LateReceivedBytes)));
        Assert.Equal([(0L, 1_000L, 0L)], Seen(trace.Hours.All, HistoryStep.Hours)
            .Select(one => (one.Slot, one.Point.ReceivedBytes, one.Point.LateReceivedBytes)));
    }

    [Fact]
    public void The_finest_steps_are_those_of_an_hour_and_a_clock_set_back_begins_them_anew()
    {
        var trace = new SpokeTrace(new(Start, 0, 0));
        for (var second = 10; second <= 3 * 3600; second += 10)
        {
            trace.Look(Start.AddSeconds(second), true, second, second);
        }

        var all = Seen(trace.Recent.All, HistoryStep.Recent).ToList();
        Assert.InRange(all.Count, 360, 421);
        Assert.Equal(Enumerable.Range((int)all[0].Slot, all.Count).Select(slot => (long)slot), all.Select(one => one.Slot));
        Assert.All(all, one => Assert.Equal(10, one.Point.ReceivedBytes));

        trace.Look(Start.AddSeconds(3600), true, 20_000, 20_000);
        Assert.Single(trace.Recent.All);
    }

    private static IEnumerable<(long Slot, HistoryPoint Point)> Seen(IEnumerable<(long Slot, HistoryPoint Point)> points, HistoryStep step) =>
        points.Where(one => one.Point.IsSeen).Select(one => (one.Slot - step.SlotOf(Start), one.Point));
}
