using WgHub.Storage;

namespace WgHub.Features.Audit;

/// <summary>The log as an outbox: whoever follows it keeps the number of the last entry that it has dealt with and asks for what came after.</summary>
internal sealed class Events(Database database)
{
    /// <summary>The newest entry.</summary>
    public AuditLink Head => database.Read(AuditChain.Head);

    /// <summary>What is durable and came after the entry of this number, the oldest first; at most <paramref name="limit"/> entries.</summary>
    public IReadOnlyList<(AuditEntry Entry, AuditLink Link)> After(long sequence, int limit) => database.Read(tx => tx.Query(
        $"""
        select id, at, actor, address, event, subject, detail, sequence, hash from audit
        where installation_id = {tx.InstallationId} and sequence > {sequence} order by sequence limit {limit}
        """,
        row => (AuditLog.Map(row), AuditLink.Map(row))));
}
