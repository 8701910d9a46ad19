namespace WgHub.WireGuard;

/// <summary>How many runs of wg, ip and nft have failed since the start.</summary>
internal sealed class ProgramFailures
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);
}
