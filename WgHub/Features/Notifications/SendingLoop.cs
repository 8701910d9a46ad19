using System.Collections.Concurrent;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Notifications;

/// <summary>Starts a courier for each channel that has something to send and none on its way: a slow receiver holds up nobody else.</summary>
internal sealed class SendingLoop(DeliveryStore deliveries, Courier courier, TimeProvider time, ILogger<SendingLoop> logger)
    : Loop(TimeSpan.FromSeconds(1), new(), time, logger)
{
    private readonly ConcurrentDictionary<string, Task> _underWay = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _starting = new();

    /// <exception cref="StorageException">What came of a try could not be noted.</exception>
    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        lock (_starting)
        {
            foreach (var channel in deliveries.Due().Where(courier.IsAwake).Where(channel => !_underWay.ContainsKey(channel)))
            {
                _underWay[channel] = courier.DeliverAsync(channel, _stop.Token);
            }
        }

        foreach (var (channel, courierTask) in _underWay.Where(one => one.Value.IsCompleted))
        {
            _underWay.TryRemove(channel, out _);
            await courierTask; // its failure is this pass's
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _stop.CancelAsync();
        try
        {
            await Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or StorageException)
        {
            // A stop is a stop: what was not acknowledged is sent again after the next start.
        }
    }

    public override void Dispose()
    {
        _stop.Dispose();
        base.Dispose();
    }
}
