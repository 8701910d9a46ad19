using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using WgHub.Hosting;

namespace WgHub.Features.Metrics;

/// <summary>How long answers took, as the framework itself measures it, by method, address pattern and status. An address pattern holds no secret.</summary>
internal sealed class RequestDurations : IHostedService, IDisposable
{
    private const string Meter = "Microsoft.AspNetCore.Hosting";
    private const string Instrument = "http.server.request.duration";

    /// <summary>In seconds.</summary>
    private static readonly double[] Bounds = [0.005, 0.025, 0.1, 0.5, 2.5];

    /// <summary>Verbs that anybody may make up are counted as one.</summary>
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private readonly ConcurrentDictionary<(string Method, string Route, int Status), Histogram> _all = new();
    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _meters;

    public RequestDurations(IMeterFactory meters)
    {
        _meters = meters;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meter && instrument.Name == Instrument && ReferenceEquals(instrument.Meter.Scope, _meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Observe(seconds, tags));
    }

    public IEnumerable<(string Method, string Route, int Status, HistogramState State)> All => _all
        .OrderBy(one => one.Key)
        .Select(one => (one.Key.Method, one.Key.Route, one.Key.Status, one.Value.Read()));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    private void Observe(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (method, route, status) = ("", "", 0);
        foreach (var (name, value) in tags)
        {
            switch (name)
            {
                case "http.request.method": method = value as string ?? ""; break;
                case "http.route": route = value as string ?? ""; break;
                case "http.response.status_code": status = Convert.ToInt32(value, CultureInfo.InvariantCulture); break;
            }
        }

        _all.GetOrAdd((Methods.Contains(method) ? method : "other", route, status), static _ => new(Bounds)).Observe(seconds);
    }
}
