using System.Diagnostics.CodeAnalysis;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>Applies changes as they come. All that wait share one pass of wg.</summary>
internal sealed class PeerChangeLoop(PeerChanges changes, LocalHub local, Reconciler reconciler, ReconcileSignal reconcile, Database database)
    : BackgroundService
{
    private readonly PeerChangeQueue _changes = changes.Of(database.OwnHub);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                var batch = await _changes.TakeAsync(stoppingToken);
                _changes.Finish(batch, await ApplyAsync(batch, stoppingToken));

                // The read-back and the conf file follow, off the path of those who wait.
                reconcile.Set();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The hub stops; what waits is in the database, and the next start mirrors it.
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types", Justification = "Whatever went wrong is told to those who wait; the loop goes on.")]
    private async Task<Exception?> ApplyAsync(IReadOnlyList<PeerChange> batch, CancellationToken cancellationToken)
    {
        try
        {
            await local.MirrorAsync([.. batch.SelectMany(change => change.Keys).Distinct()], cancellationToken);
            if (batch.Any(change => change.IsOfAll))
            {
                await reconciler.ApplyPolicyAsync(cancellationToken);
            }

            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception;
        }
    }
}
