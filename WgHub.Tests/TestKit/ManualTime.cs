namespace WgHub.TestKit;

/// <summary>A clock that a test sets forward. Timers go by the real one: nothing here waits for hours.</summary>
internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan time) => _now += time;

    /// <summary>Goes to <paramref name="time"/>, also back.</summary>
    public void Set(DateTimeOffset time) => _now = time;
}
