namespace WgHub.Web;

/// <summary>Counts what happens in a window of time that slides: the last one counts for the part of it that is still near. 16 bytes, and no timer.</summary>
internal struct SlidingWindow
{
    private int _current;
    private int _last;

    /// <summary>Number of the window, from the clock's zero.</summary>
    public long Number { get; private set; }

    /// <summary>What was counted of late.</summary>
    public readonly int Weight => _current + _last;

    /// <returns>False when <paramref name="limit"/> is reached; then <paramref name="retryAfter"/> tells when it makes sense to come again.</returns>
    public bool TryTake(int limit, TimeSpan window, DateTimeOffset now, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        Roll(now.UtcTicks / window.Ticks);
        var into = now.UtcTicks % window.Ticks / (double)window.Ticks;
        var used = (_last * (1 - into)) + _current;
        if (used + 1 <= limit)
        {
            _current++;
            return true;
        }

        // Until enough of the last window has slid away; when this one alone is full, until it is the last one and has begun to.
        var wait = _current >= limit ? 1 - into + (1.0 / limit) : (used + 1 - limit) / Math.Max(_last, 1);
        retryAfter = TimeSpan.FromTicks((long)(wait * window.Ticks) + TimeSpan.TicksPerSecond);
        return false;
    }

    /// <summary>Takes back one that was counted of late.</summary>
    public void GiveBack()
    {
        if (_current > 0)
        {
            _current--;
        }
        else if (_last > 0)
        {
            _last--;
        }
    }

    private void Roll(long number)
    {
        if (Number != number)
        {
            (_last, _current, Number) = (Number == number - 1 ? _current : 0, 0, number);
        }
    }
}
