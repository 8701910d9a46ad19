using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Audit;

/// <summary>Reads, once, the names out of entries that are older than <see cref="AuditNames"/>: in portions, so that nobody waits for it.</summary>
internal sealed class AuditNaming(Database database, Events events, TimeProvider time, ILogger<AuditNaming> logger)
    : Loop(TimeSpan.FromSeconds(2), new(), time, logger)
{
    private const int Portion = 500;

    private long? _left;

    protected override TimeSpan Pause => _left == 0 ? TimeSpan.FromHours(24) : base.Pause;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        while ((_left ??= database.Read(Left)) > 0)
        {
            var from = Math.Max(0, _left.Value - Portion);
            var portion = events.After(from, (int)(_left.Value - from));
            await database.WriteAsync(
                tx =>
                {
                    AuditNames.Keep(tx, portion);
                    tx.Execute($"update audit_naming set sequence = {from} where installation_id = {tx.InstallationId}");
                },
                cancellationToken);
            _left = from;
        }
    }

    private static long Left(Tx tx) => tx.Count($"select sequence from audit_naming where installation_id = {tx.InstallationId}");
}
