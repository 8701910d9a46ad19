using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>Makes the interface follow a hub's row.</summary>
internal sealed class HubFollowing(Database database, HubStore hubs, Reconciler reconciler, ReconcileSignal signal)
{
    /// <summary>After the commit. When the interface does not follow, takes the row back and makes the interface follow that.</summary>
    /// <param name="undo">Takes back what was committed.</param>
    /// <param name="cleanUp">What the interface needs after that.</param>
    /// <exception cref="WgException">wg or ip refused; all is as it was.</exception>
    /// <remarks>The caller may go: a browser on the hub's own machine loses its connection with every change of an interface.</remarks>
    public async Task ApplyOrUndoAsync(Action<Tx> undo, Func<CancellationToken, Task> cleanUp)
    {
        hubs.Refresh();
        try
        {
            await reconciler.ApplyAsync(CancellationToken.None);
        }
        catch (WgException)
        {
            await database.WriteAsync(undo, CancellationToken.None);
            hubs.Refresh();
            await cleanUp(CancellationToken.None);
            signal.Set();
            throw;
        }
    }
}
