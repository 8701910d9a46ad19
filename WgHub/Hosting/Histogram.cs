namespace WgHub.Hosting;

/// <summary>How often something took how long.</summary>
/// <param name="bounds">Upper ends of its buckets, in rising order; what is above the last one is counted apart.</param>
internal sealed class Histogram(IReadOnlyList<double> bounds)
{
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[bounds.Count + 1];
    private double _sum;

    public void Observe(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Count && value > bounds[bucket])
        {
            bucket++;
        }

        lock (_lock)
        {
            _counts[bucket]++;
            _sum += value;
        }
    }

    public HistogramState Read()
    {
        lock (_lock)
        {
            return new(bounds, [.. _counts], _sum);
        }
    }
}

/// <param name="Counts">Of each bucket alone; one more than there are bounds.</param>
/// <param name="Sum">Of all values.</param>
internal sealed record HistogramState(IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts, double Sum);
