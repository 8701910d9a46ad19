using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>Makes the interface follow a hub's row.</summary>
internal sealed class HubFollowing(Database database, HubStore hubs, Reconciler reconciler)
{
    /// <summary>After the commit. When the interface does not follow, takes the row back and makes the interface follow that.</summary>
    /// <param name="undo">Takes back what was committed.</param>
    /// <param name="cleanUp">What the interface needs after that.</param>
    /// <exception cref="WgException">wg or ip refused; all is as it was.</exception>
    public async Task ApplyOrUndoAsync(Action<Tx> undo, Func<CancellationToken, Task> cleanUp, CancellationToken cancellationToken)
    {
        hubs.Refresh();
        try
        {
            await reconciler.ApplyAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is WgException or OperationCanceledException)
        {
            // The caller may be gone; what was begun is taken back all the same.
            await database.WriteAsync(undo, CancellationToken.None);
            hubs.Refresh();
            await cleanUp(CancellationToken.None);
            throw;
        }
    }
}
