using System.Buffers;
using Microsoft.Extensions.Options;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>
/// Compares the whole interface with the database: at start, after changes, and every few seconds for ever. What was changed by
/// hand is seen, told and mended.
/// </summary>
internal sealed partial class Reconciler(
    HubStore hubs, InterfaceMirror mirror, DriftCheck check, DriftRepair repair, ConfFile confFile, HubState state,
    ReconcileSignal signal, TimeProvider time, IOptions<WireGuardOptions> options, ILogger<Reconciler> logger)
    : Loop(TimeSpan.FromSeconds(options.Value.ReconcileSeconds), signal, time, logger)
{
    private readonly SemaphoreSlim _pass = new(1, 1);
    private readonly ArrayBufferWriter<byte> _dump = new();
    private readonly TimeProvider _time = time;

    /// <summary>A read of the whole interface holds up changes to it (19 ms at 5,000 peers, docs/bench.md): not more than one a second.</summary>
    protected override TimeSpan Settling => TimeSpan.FromSeconds(1);

    /// <exception cref="WgException">wg or ip failed; what was set before stays, and the next pass goes on from there.</exception>
    public override Task RunOnceAsync(CancellationToken cancellationToken) => PassAsync(isExpected: state.LastPass is null, cancellationToken);

    /// <summary>A pass after a change of the hub's settings: every peer may differ, and none of it is drift.</summary>
    /// <exception cref="WgException">wg or ip failed.</exception>
    public Task ApplyAsync(CancellationToken cancellationToken) => PassAsync(isExpected: true, cancellationToken);

    private async Task PassAsync(bool isExpected, CancellationToken cancellationToken)
    {
        await _pass.WaitAsync(cancellationToken);
        try
        {
            var found = hubs.Current is { } hub ? await ReconcileAsync(hub, isExpected, cancellationToken) : null;
            state.Passed(_time.GetUtcNow(), found);
        }
        catch (Exception exception) when (exception is WgException or StorageException)
        {
            state.Failed(_time.GetUtcNow(), exception.Message);
            throw;
        }
        finally
        {
            _pass.Release();
        }
    }

    /// <summary>The next boot may be one without us: the conf file must hold also those who were answered in the last second.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (hubs.Current is { } hub)
        {
            await confFile.WriteAsync(hub, cancellationToken);
        }
    }

    public override void Dispose()
    {
        _pass.Dispose();
        base.Dispose();
    }

    private async Task<DriftEvent?> ReconcileAsync(HubConfig hub, bool isExpected, CancellationToken cancellationToken)
    {
        var isNew = await mirror.InspectAsync(hub, _dump, cancellationToken);
        var (plan, live) = check.Compare(hub, _dump.WrittenSpan);
        if (!plan.IsEmpty && !isNew)
        {
            // A second look: a change whose commit lay between the two readings is no drift.
            await mirror.InspectAsync(hub, _dump, cancellationToken);
            (var again, live) = check.Compare(hub, _dump.WrittenSpan);
            plan = plan.And(again);
        }

        var found = plan.IsEmpty ? null : await repair.MendAsync(plan, live, isExpected, cancellationToken);
        await confFile.WriteAsync(hub, cancellationToken);
        return found;
    }
}
