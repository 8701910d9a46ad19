using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Reports;

/// <summary>
/// Everybody's eyes: the last report of the hub's device, and the one door to a new one. Who asks at the same time gets the same;
/// whoever has the device answers (<see cref="WaitAsync"/>, <see cref="Begin"/>).
/// </summary>
internal sealed class HubReports(HubId hub)
{
    private readonly Signal _asked = new();
    private readonly Lock _lock = new();
    private ReportWish _next = new();
    private volatile DeviceReport? _last;

    public HubId Hub => hub;

    /// <summary>Null before the first one.</summary>
    public DeviceReport? Last => _last;

    /// <summary>Asks for a look at the interface that begins after the call.</summary>
    /// <param name="isCompared">True: with its drift, which costs a reading of all rows when some changed.</param>
    /// <returns>Null before the hub's set-up. A device that cannot be read says so in its report.</returns>
    /// <exception cref="StorageException">The rows cannot be read.</exception>
    public Task<DeviceReport?> ReadAsync(bool isCompared, CancellationToken cancellationToken)
    {
        Task<DeviceReport?> next;
        lock (_lock)
        {
            _next.IsCompared |= isCompared;
            next = _next.Report;
        }

        _asked.Set();
        return next.WaitAsync(cancellationToken);
    }

    /// <summary>Returns when somebody asks.</summary>
    public Task WaitAsync(TimeProvider time, CancellationToken cancellationToken) => _asked.WaitAsync(Timeout.InfiniteTimeSpan, time, cancellationToken);

    /// <summary>The wish of all that have asked until now; who asks from here on gets the look after this one.</summary>
    public ReportWish Begin()
    {
        lock (_lock)
        {
            var wish = _next;
            _next = new();
            return wish;
        }
    }

    /// <summary>Puts a report in place of the last one, whether somebody asked for it or not. An older one is passed over.</summary>
    public void Publish(DeviceReport report)
    {
        lock (_lock)
        {
            if (_last is null || _last.Look < report.Look)
            {
                _last = report;
            }
        }
    }
}

/// <summary>One look that somebody waits for.</summary>
internal sealed class ReportWish
{
    private readonly TaskCompletionSource<DeviceReport?> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsCompared { get; set; }

    public Task<DeviceReport?> Report => _report.Task;

    public void Grant(DeviceReport? report) => _report.SetResult(report);

    public void Fail(Exception failure)
    {
        _report.SetException(failure);
        _ = _report.Task.Exception; // those who asked may have gone; that is no unobserved failure
    }
}
