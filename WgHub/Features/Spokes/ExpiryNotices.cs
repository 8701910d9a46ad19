using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Spokes;

/// <summary>Tells once that a spoke's end is near, and once that it came; both are events of the audit log and so of the log.</summary>
internal sealed class ExpiryNotices(Database database, ExpiryStore store, AuditLog audit, TimeProvider time, ILogger<ExpiryNotices> logger)
    : Loop(TimeSpan.FromMinutes(1), new(), time, logger)
{
    private readonly TimeProvider _time = time;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (store.Untold(now).Count > 0)
        {
            await database.WriteAsync(db => Tell(db, now), cancellationToken);
        }
    }

    /// <summary>Looks again inside the transaction: an end may have been moved meanwhile.</summary>
    private void Tell(Microsoft.Data.Sqlite.SqliteConnection db, DateTimeOffset now)
    {
        foreach (var spoke in store.Untold(db, now))
        {
            store.Told(db, spoke.Id, now);
            audit.Append(db, Actor.System, spoke.ExpiresAt > now ? "spoke.expiring" : "spoke.expired", spoke.Id, ("name", spoke.Name), ("expiresAt", UtcText.Of(spoke.ExpiresAt)));
        }
    }
}
