namespace WgHub.Lab;

/// <summary>Asks a hub again and again whether it is ready, and measures the longest time that it was not.</summary>
internal sealed class PageWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _visitor;
    private readonly Task<TimeSpan> _work;

    public PageWatch(HttpClient visitor)
    {
        _visitor = visitor;
        _work = Task.Run(WatchAsync);
    }

    /// <returns>Seconds from an answer to the next.</returns>
    public async Task<double> StopAsync()
    {
        await _end.CancelAsync();
        return (await _work).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _visitor.Dispose();
        _end.Dispose();
    }

    private async Task<TimeSpan> WatchAsync()
    {
        var (longest, last) = (TimeSpan.Zero, TimeProvider.System.GetTimestamp());
        while (!_end.IsCancellationRequested)
        {
            if (await LabHub.IsReadyAsync(_visitor, CancellationToken.None))
            {
                var gap = TimeProvider.System.GetElapsedTime(last);
                (longest, last) = (gap > longest ? gap : longest, TimeProvider.System.GetTimestamp());
            }

            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }

        return longest;
    }
}
