namespace WgHub.Web;

/// <summary>Counts requests of all callers together.</summary>
/// <param name="limit">Requests in a window; 0 for no limit.</param>
internal sealed class SharedLimiter(int limit, TimeSpan window, TimeProvider time)
{
    private readonly Lock _lock = new();
    private SlidingWindow _window;

    /// <returns>False when the share is used up; then <paramref name="retryAfter"/> tells when it makes sense to come again.</returns>
    public bool TryTake(out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        lock (_lock)
        {
            return limit == 0 || _window.TryTake(limit, window, time.GetUtcNow(), out retryAfter);
        }
    }

    /// <summary>Takes back what was counted just now.</summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            _window.GiveBack();
        }
    }
}
