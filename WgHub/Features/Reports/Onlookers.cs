namespace WgHub.Features.Reports;

/// <summary>Whether somebody looks at the hub: a page that is open asks again within three seconds, a script that waits likewise.</summary>
internal sealed class Onlookers(TimeProvider time)
{
    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(10);

    private long _lastTicks;

    public bool AreThere => time.GetUtcNow().UtcTicks - Interlocked.Read(ref _lastTicks) < Stay.Ticks;

    public void Come() => Interlocked.Exchange(ref _lastTicks, time.GetUtcNow().UtcTicks);
}
