using FsCheck.Fluent;
using WgHub.TestKit;

namespace WgHub.Features.History;

/// <summary>Points in few bytes, and back.</summary>
public sealed class PackedPointsTests
{
    private static readonly FsCheck.Gen<long> Bytes = Gen.Frequency(
        (3, Gen.Constant(0L)), (3, Gen.Choose(0, 300).Select(number => (long)number)), (1, Gen.Choose(0, 30).Select(bits => 1L << bits)),
        (1, Gen.Constant(long.MaxValue)));

    private static readonly FsCheck.Gen<HistoryPoint> Point = Gen.Frequency(
        (2, Gen.Constant(default(HistoryPoint))),
        (3, Gen.Elements(true, false).Select(isConnected => HistoryPoint.Seen(isConnected, 0, 0))),
        (3, from isConnected in Gen.Elements(true, false)
            from rx in Bytes
            from tx in Bytes
            from lateRx in Bytes
            from lateTx in Bytes
            select new HistoryPoint(true, isConnected, rx, tx, lateRx, lateTx)));

    private static readonly FsCheck.Gen<HistoryPoint[]> Points =
        from lists in (from point in Point from times in Gen.Choose(1, 70) select Enumerable.Repeat(point, times)).ListOf()
        select lists.SelectMany(points => points).ToArray();

    [Fact]
    public void What_goes_in_comes_out() => Any.Holds(Points, points => PackedPoints.In(PackedPoints.TextOf(points)).SequenceEqual(points));

    [Fact]
    public void A_damaged_text_ends_early_and_harms_nothing()
    {
        Any.Holds(Any.Text, text => PackedPoints.In(text).Count() <= text.Length * 32);
        Any.Holds(
            Any.Byte.ArrayOf(),
            bytes => PackedPoints.In(Convert.ToBase64String(bytes)).All(point => point is { ReceivedBytes: >= 0, LateSentBytes: >= 0 }));
    }

    [Fact]
    public void A_quiet_hour_takes_two_bytes_and_one_with_keepalives_three_a_minute()
    {
        Assert.Equal(2, Convert.FromBase64String(PackedPoints.TextOf(Enumerable.Repeat(HistoryPoint.Seen(true, 0, 0), 60))).Length);
        Assert.Equal(180, Convert.FromBase64String(PackedPoints.TextOf(Enumerable.Repeat(HistoryPoint.Seen(true, 96, 64), 60))).Length);
    }
}
