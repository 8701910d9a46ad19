namespace WgHub.Features.History;

/// <summary>The last hour of a spoke in the finest steps, packed.</summary>
internal sealed class RecentPoints
{
    private static readonly HistoryStep Step = HistoryStep.Recent;

    private static readonly int Blocks = (int)(HistoryStep.RecentLength.TotalSeconds / (Step.Seconds * Step.BlockPoints)) + 1;

    private readonly Queue<(long First, PackedPoints Points)> _blocks = new();
    private (long Slot, HistoryPoint Point)? _now;

    public void Add(long slot, in HistoryPoint point)
    {
        if (_now is { } now && now.Slot == slot)
        {
            _now = (slot, now.Point.Plus(point));
            return;
        }

        if (_now is { } done)
        {
            Close(done.Slot, done.Point);
        }

        if (_now?.Slot > slot)
        {
            _blocks.Clear(); // the clock was set back: what is kept for longer adds it up
        }

        _now = (slot, point);
    }

    public IReadOnlyList<(long Slot, HistoryPoint Point)> All =>
    [
        .. _blocks.SelectMany(block => block.Points.Points().Select((point, at) => (block.First + at, point))),
        .. _now is { } now ? [now] : Array.Empty<(long, HistoryPoint)>(),
    ];

    private void Close(long slot, in HistoryPoint point)
    {
        var first = slot - (slot % Step.BlockPoints);
        if (_blocks.Count == 0 || _blocks.Last().First != first)
        {
            _blocks.Enqueue((first, new()));
            while (_blocks.Peek().First <= first - (Blocks * Step.BlockPoints))
            {
                _blocks.Dequeue();
            }
        }

        var points = _blocks.Last().Points;
        while (points.Count < slot - first)
        {
            points.Append(default);
        }

        points.Append(point);
    }
}
