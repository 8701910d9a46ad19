namespace WgHub.TestKit;

/// <summary>Waits for the world, but not for ever.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <returns>False when the condition did not hold within <paramref name="limit"/>.</returns>
    public static async Task<bool> TrueAsync(Func<Task<bool>> condition, TimeSpan limit, CancellationToken cancel)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > limit)
            {
                return false;
            }

            await Task.Delay(Pause, TimeProvider.System, cancel);
        }

        return true;
    }

    public static Task<bool> TrueAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancel) =>
        TrueAsync(() => Task.FromResult(condition()), limit, cancel);
}
