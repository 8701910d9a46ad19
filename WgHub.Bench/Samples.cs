using System.Diagnostics;

namespace WgHub.Bench;

/// <summary>How long something took, many times over; all in milliseconds.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];

    public int Count => _milliseconds.Count;

    public double Best => _milliseconds.Min();

    public double Median => Quantile(0.5);

    /// <summary>The nearest rank: a value that was really seen.</summary>
    public double Quantile(double share) =>
        _milliseconds.Order().ElementAt((int)Math.Ceiling(share * _milliseconds.Count) - 1);

    public void Add(TimeSpan elapsed) => _milliseconds.Add(elapsed.TotalMilliseconds);

    public async Task<T> TimeAsync<T>(Func<Task<T>> action)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await action();
        Add(Stopwatch.GetElapsedTime(start));
        return result;
    }

    public void Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        Add(Stopwatch.GetElapsedTime(start));
    }
}
