namespace WgHub.Features.History;

/// <summary>Points that the database has not yet, by the number of their step. One step may come several times: they add up.</summary>
internal sealed class UnsavedPoints
{
    private readonly List<(long Slot, HistoryPoint Point)> _points = [];
    private int _frozen;

    public IReadOnlyList<(long Slot, HistoryPoint Point)> All => [.. _points];

    public void Add(long slot, in HistoryPoint point)
    {
        if (_points.Count > _frozen && _points[^1].Slot == slot)
        {
            _points[^1] = (slot, _points[^1].Point.Plus(point));
            return;
        }

        _points.Add((slot, point));
    }

    /// <summary>What is written now: it changes no more.</summary>
    public IReadOnlyList<(long Slot, HistoryPoint Point)> Freeze()
    {
        _frozen = _points.Count;
        return All;
    }

    /// <summary>What was frozen is durable.</summary>
    public void Forget()
    {
        _points.RemoveRange(0, _frozen);
        _frozen = 0;
    }
}
