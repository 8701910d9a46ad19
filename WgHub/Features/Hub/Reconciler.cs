using Microsoft.Extensions.Options;
using WgHub.Features.Reports;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>
/// Compares the whole interface with the database: at start, after changes, and every few seconds for ever. What was changed by
/// hand is seen, told and mended.
/// </summary>
internal sealed class Reconciler(
    LocalHub local, DriftRepair repair, HubState state, HubReports reports, ReconcileSignal signal, TimeProvider time,
    IOptions<WireGuardOptions> options, ILogger<Reconciler> logger)
    : Loop(TimeSpan.FromSeconds(options.Value.ReconcileSeconds), signal, time, logger)
{
    private readonly SemaphoreSlim _pass = new(1, 1);
    private readonly TimeProvider _time = time;
    private IReadOnlyDictionary<PublicKey, PeerTarget?>? _before;

    /// <summary>True when a pass has run through: the interface follows the database, also one that was restored before the start.</summary>
    private bool _isRestoreOver;

    /// <summary>A read of the whole interface holds up changes to it (19 ms at 5,000 peers, docs/bench.md): not more than one a second.</summary>
    protected override TimeSpan Settling => TimeSpan.FromSeconds(1);

    /// <exception cref="WgException">wg or ip failed; what was set before stays, and the next pass goes on from there.</exception>
    public override Task RunOnceAsync(CancellationToken cancellationToken) => PassAsync(isExpected: state.LastPass is null, cancellationToken);

    /// <summary>
    /// A pass after a change of the hub's settings: every peer may differ, and none of it is drift. A firewall that does not follow is told, and
    /// lets nothing pass meanwhile.
    /// </summary>
    /// <exception cref="WgException">wg or ip failed, or refused something that it did not refuse before.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        var before = state.Faults;
        await PassAsync(isExpected: true, cancellationToken);
        ThrowIfAny(state.Faults.Except(before).Except(state.Firewall.All));
    }

    /// <summary>A pass after a change of who may reach whom.</summary>
    /// <exception cref="WgException">The kernel has not taken it.</exception>
    public async Task ApplyPolicyAsync(CancellationToken cancellationToken)
    {
        await PassAsync(isExpected: true, cancellationToken);
        ThrowIfAny(state.Firewall.Faults);
    }

    /// <summary>
    /// Takes an interface away, after a set-up that did not work out and whose rows are gone. A pass that read them before ends first: it would
    /// make the interface anew.
    /// </summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        await _pass.WaitAsync(cancellationToken);
        try
        {
            await local.RemoveAsync(name, cancellationToken);
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
        try
        {
            await local.WriteConfAsync(cancellationToken);
        }
        catch (StorageException)
        {
            // The last pass has told it.
        }
    }

    public override void Dispose()
    {
        _pass.Dispose();
        base.Dispose();
    }

    private async Task PassAsync(bool isExpected, CancellationToken cancellationToken)
    {
        await _pass.WaitAsync(cancellationToken);
        var began = _time.GetTimestamp();
        try
        {
            var (found, report) = await ReconcileAsync(isExpected, cancellationToken);
            state.Passed(_time.GetUtcNow(), report?.Faults ?? [], report?.Firewall ?? FirewallLook.Nothing, found);
        }
        catch (Exception exception) when (exception is WgException or StorageException)
        {
            state.Failed(_time.GetUtcNow(), exception.Message);
            throw;
        }
        finally
        {
            state.PassDurations.Observe(_time.GetElapsedTime(began).TotalSeconds);
            _pass.Release();
        }
    }

    private async Task<(DriftEvent? Found, DeviceReport? Report)> ReconcileAsync(bool isExpected, CancellationToken cancellationToken)
    {
        var back = local.TakeBack(); // before the rows are read, which then have them
        if (await local.KeepAsync(cancellationToken) is not var (kept, wanted))
        {
            return (null, null);
        }

        var plan = kept.Report.Drift;
        var report = kept.Report;
        if (!plan.IsEmpty && await local.KeepAsync(cancellationToken) is var (again, _))
        {
            // A second look: a change whose commit lay between the two readings is no drift.
            (report, plan) = (again.Report, plan.And(again.Report.Drift));
        }

        reports.Publish(report);
        if (kept.Report.Firewall.WasChanged)
        {
            await repair.TellFirewallAsync(cancellationToken);
        }

        var settled = plan.Without(key => !IsWantedAsBefore(key, wanted.Peers));
        _before = wanted.Peers;
        var found = plan.IsEmpty ? null : await repair.MendAsync(plan, settled, report.Peers.Count, isExpected, cancellationToken);
        await local.KnockAsync(wanted, report, back, cancellationToken);
        if (kept.IsMoved)
        {
            await local.CallAsync(wanted, report, cancellationToken);
        }

        await local.WriteConfAsync(cancellationToken);
        if (!_isRestoreOver)
        {
            await repair.EndRestoreAsync(cancellationToken);
            _isRestoreOver = true;
        }

        return (found, report);
    }

    /// <summary>What was decided since the last pass is on its way to the interface; only what was wanted before and is not there was done by hand.</summary>
    private bool IsWantedAsBefore(PublicKey key, IReadOnlyDictionary<PublicKey, PeerTarget?> wanted) =>
        _before is null || (_before.TryGetValue(key, out var before) == wanted.TryGetValue(key, out var now) && before == now);

    private static void ThrowIfAny(IEnumerable<string> faults)
    {
        if (faults.ToList() is { Count: > 0 } some)
        {
            throw new WgException(string.Join(' ', some));
        }
    }
}
