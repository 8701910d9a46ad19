namespace WgHub.Features.History;

/// <summary>Up to where the history of a spoke has told its counters.</summary>
/// <param name="At">When that was; null for never: then all that the counters hold came while nobody looked.</param>
internal sealed record HistoryTotals(DateTimeOffset? At, long ReceivedBytes, long SentBytes)
{
    public static readonly HistoryTotals None = new(null, 0, 0);
}

/// <summary>A spoke's history as it is being made. Each step is counted from the looks themselves, so that each adds up to the spoke's counters.</summary>
internal sealed class SpokeTrace(HistoryTotals totals)
{
    /// <summary>Traffic between two looks that lie no farther apart is spread over the steps between them; farther, nobody looked.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(45);

    public RecentPoints Recent { get; } = new();

    public UnsavedPoints Minutes { get; } = new();

    public UnsavedPoints Hours { get; } = new();

    public HistoryTotals Totals { get; private set; } = totals;

    public UnsavedPoints Of(HistoryStep step) => step == HistoryStep.Minutes ? Minutes : Hours;

    /// <param name="received">The spoke's counter. One that went back, such as that of a database that was put back, adds nothing.</param>
    public void Look(DateTimeOffset at, bool isConnected, long received, long sent)
    {
        var before = Totals;
        Totals = new(at, received, sent);
        var (more, moreSent) = (Math.Max(0, received - before.ReceivedBytes), Math.Max(0, sent - before.SentBytes));
        Put(HistoryStep.Recent, before.At, at, isConnected, more, moreSent, Recent.Add);
        Put(HistoryStep.Minutes, before.At, at, isConnected, more, moreSent, Minutes.Add);
        Put(HistoryStep.Hours, before.At, at, isConnected, more, moreSent, Hours.Add);
    }

    private static void Put(HistoryStep step, DateTimeOffset? before, DateTimeOffset at, bool isConnected, long received, long sent, PutPoint put)
    {
        var slot = step.SlotOf(at);
        var steps = before is { } last ? slot - step.SlotOf(last) : long.MaxValue;
        if (steps is >= -1 and <= 1)
        {
            put(slot, HistoryPoint.Seen(isConnected, received, sent));
            return;
        }

        if (steps < 0 || at - before > LongestPause || before is null)
        {
            put(slot, HistoryPoint.Late(isConnected, received, sent));
            return;
        }

        for (var left = steps; left > 0; left--)
        {
            var (part, partSent) = (received / left, sent / left);
            (received, sent) = (received - part, sent - partSent);
            put(slot - left + 1, HistoryPoint.Seen(isConnected, part, partSent));
        }
    }

    private delegate void PutPoint(long slot, in HistoryPoint point);
}
