using System.Diagnostics.CodeAnalysis;
using WgHub.Features.Reports;

namespace WgHub.Features.Hub;

/// <summary>Looks at this machine's device for all who ask. Those who ask while a look is on its way share the next one.</summary>
internal sealed class ReportLoop(HubReports reports, LocalHub local, TimeProvider time) : BackgroundService
{
    /// <summary>A wg that hangs does not hold up a stop.</summary>
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(2);

    /// <summary>Looks once more: whoever stops after this has what went through until now.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        look.CancelAfter(LastLook);
        await GrantAsync(new(), look.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await reports.WaitAsync(time, stoppingToken);
                await GrantAsync(reports.Begin(), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The hub stops.
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types", Justification = "Whatever went wrong is told to those who wait; the loop goes on.")]
    private async Task GrantAsync(ReportWish wish, CancellationToken cancellationToken)
    {
        try
        {
            var report = await local.ReadAsync(wish.IsCompared, cancellationToken);
            if (report is not null)
            {
                reports.Publish(report);
            }

            wish.Grant(report);
        }
        catch (Exception exception)
        {
            wish.Fail(exception);
        }
    }
}
