using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>Asks for a pass as soon as anybody has changed the hub's firewall table: what is allowed is back within two seconds.</summary>
internal sealed class FirewallWatch(LocalHub local, ReconcileSignal reconcile, TimeProvider time, ILogger<FirewallWatch> logger)
    : Loop(TimeSpan.FromMilliseconds(500), new Signal(), time, logger)
{
    /// <exception cref="WgException">nft is missing or refused: the pass that comes tells it too.</exception>
    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!await local.IsFirewallUnchangedAsync(cancellationToken))
        {
            reconcile.Set();
        }
    }
}
