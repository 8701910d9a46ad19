using System.Globalization;
using Microsoft.Extensions.Options;
using WgHub.Features.Audit;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>Decides what of a drift is mended, mends it, and tells.</summary>
internal sealed partial class DriftRepair(
    LocalHub local, HubState state, Database database, TimeProvider time, IOptions<WireGuardOptions> options, ILogger<DriftRepair> logger)
{
    private const int KeysTold = 10;

    /// <param name="plan">What is to be mended.</param>
    /// <param name="told">What of it was done by hand.</param>
    /// <param name="isExpected">True when what is missing or changed is no drift: after a start of the machine, or a change of the hub's own settings.</param>
    /// <returns>What was found; null when nothing but the ordinary was to do, such as taking off a spoke whose time is over.</returns>
    /// <exception cref="WgException">wg refused.</exception>
    public async Task<DriftEvent?> MendAsync(PeerPlan plan, PeerPlan told, int live, bool isExpected, CancellationToken cancellationToken)
    {
        var isRestored = plan.Unknown.Count > 0 && database.Read(RestoreMark.IsSet);
        var isMassRemoval = !isRestored && plan.IsMassRemoval(live);
        var removesUnknown = isRestored || (options.Value.DriftPolicy == "repair" && !isMassRemoval);
        IReadOnlyList<PublicKey> keys = [.. plan.Missing, .. plan.Changed, .. plan.Unwanted, .. removesUnknown ? plan.Unknown : []];
        await local.PutAsync(keys, cancellationToken);

        if (isExpected && plan.Missing.Count + plan.Changed.Count > 0)
        {
            LogBroughtUp(plan.Missing.Count, plan.Changed.Count);
            told = told with { Missing = [], Changed = [] };
        }

        if (told.Missing.Count + told.Changed.Count + told.Unknown.Count == 0)
        {
            return null;
        }

        var found = new DriftEvent(time.GetUtcNow(), told.Missing, told.Changed, told.Unknown, removesUnknown || told.Unknown.Count == 0, isMassRemoval);
        if (IsNew(found))
        {
            await TellAsync(found, live, cancellationToken);
        }

        return found;
    }

    /// <summary>The interface has followed a restored database: from now on many unknown peers are an accident again.</summary>
    public async Task EndRestoreAsync(CancellationToken cancellationToken)
    {
        if (database.Read(RestoreMark.IsSet))
        {
            await database.WriteAsync(RestoreMark.Clear, cancellationToken);
        }
    }

    /// <summary>Tells of a firewall table that somebody had changed or flushed. It is as wanted again, whatever the policy about peers.</summary>
    public async Task TellFirewallAsync(CancellationToken cancellationToken)
    {
        state.FirewallMended(time.GetUtcNow());
        await database.WriteAsync(tx => tx.Audit(AuditEvents.FirewallMended, Subject.One(tx.OwnHub.Value)), cancellationToken);
    }

    /// <summary>A drift that stays is told once, not at every pass.</summary>
    private bool IsNew(DriftEvent found) =>
        state.OpenDrift is not { } open || found.Missing.Count + found.Changed.Count > 0 || !open.Unknown.ToHashSet().SetEquals(found.Unknown);

    private async Task TellAsync(DriftEvent found, int live, CancellationToken cancellationToken)
    {
        if (found.Refused)
        {
            LogRefused(found.Unknown.Count, live);
        }
        else
        {
            LogDrift(found.Missing.Count, found.Changed.Count, found.Unknown.Count, found.IsMended ? "mended" : "left by policy");
        }

        var kind = found.Refused ? AuditEvents.DriftRefused : found.IsMended ? AuditEvents.DriftMended : AuditEvents.DriftFound;
        await database.WriteAsync(
            tx => tx.Audit(
                kind, Subject.One(tx.OwnHub.Value),
                ("missing", Told(found.Missing)), ("changed", Told(found.Changed)), ("unknown", Told(found.Unknown))),
            cancellationToken);
    }

    private static string Told(IReadOnlyList<PublicKey> keys) =>
        keys.Count <= KeysTold
            ? string.Join(' ', keys)
            : string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', keys.Take(KeysTold))} and {keys.Count - KeysTold} more");

    [LoggerMessage(Level = LogLevel.Information, Message = "Interface brought up to date: {Added} peers added, {Changed} changed.")]
    private partial void LogBroughtUp(int added, int changed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Drift on the interface: {Missing} peers missing, {Changed} changed, {Unknown} unknown; {Outcome}.")]
    private partial void LogDrift(int missing, int changed, int unknown, string outcome);

    [LoggerMessage(Level = LogLevel.Critical,
        Message =
            "REFUSED to remove {Unknown} of {Live} peers that the database does not know: rather the database has lost them. Restore it, or remove the peers by hand.")]
    private partial void LogRefused(int unknown, int live);
}
