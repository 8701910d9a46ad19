using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>Tells once that a spoke's end is near, and once that it came; both are events of the audit log and so of the log.</summary>
internal sealed class ExpiryNotices(Database database, ExpiryStore store, TimeProvider time, ILogger<ExpiryNotices> logger)
    : Loop(TimeSpan.FromMinutes(1), new(), time, logger)
{
    private readonly TimeProvider _time = time;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (store.Untold(now).Count > 0)
        {
            await database.WriteAsync(tx => Tell(tx, now), cancellationToken);
        }
    }

    /// <summary>Looks again inside the transaction: an end may have been moved meanwhile.</summary>
    private void Tell(Tx tx, DateTimeOffset now)
    {
        foreach (var spoke in store.Untold(tx, now))
        {
            store.Told(tx, spoke.Id, now);
            tx.Audit(
                spoke.ExpiresAt > now ? AuditEvents.SpokeExpiring : AuditEvents.SpokeExpired, new(spoke.Id, spoke.Name),
                ("expiresAt", UtcText.Of(spoke.ExpiresAt)));
        }
    }
}
