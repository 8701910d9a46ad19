namespace WgHub.Features.Auth.Accounts;

/// <summary>Remembers what may be used once, until its age alone would refuse it. Of a flood the oldest are forgotten first.</summary>
internal sealed class OnceOnly(TimeSpan life, TimeProvider time)
{
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _used = [];
    private readonly Queue<(string Name, DateTimeOffset Until)> _order = [];

    /// <returns>False the second time.</returns>
    public bool TryUse(string name)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            while (_order.TryPeek(out var oldest) && (oldest.Until <= now || _order.Count >= Most))
            {
                _used.Remove(_order.Dequeue().Name);
            }

            if (!_used.Add(name))
            {
                return false;
            }

            _order.Enqueue((name, now + life));
            return true;
        }
    }
}
