using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Audit;

/// <summary>Reads what is remembered.</summary>
internal sealed class AuditLog(Database database)
{
    private const int PortionSize = 1_000;

    private static readonly SqlPart Columns = new("id, at, actor, address, event, subject, detail, sequence, hash");

    /// <summary>A page of entries, newest first, and the number that match.</summary>
    public Part<AuditEntry> List(AuditQuery query, Paging paging)
    {
        var matching = Matching(query);
        return database.Read(tx => new Part<AuditEntry>(
            tx.Query($"select {Columns} from audit where {matching} order by sequence desc limit {paging.PageSize} offset {paging.Offset}", Map),
            tx.Count($"select count(*) from audit where {matching}"),
            paging));
    }

    /// <summary>All matching entries with their places, the newest first, in portions: a long log is never in memory as a whole.</summary>
    public IEnumerable<(AuditEntry Entry, AuditLink Link)> All(AuditQuery query)
    {
        for (var portion = Portion(query, null); portion.Count > 0; portion = Portion(query, portion[^1].Link.Sequence))
        {
            foreach (var line in portion)
            {
                yield return line;
            }
        }
    }

    /// <summary>The events that there are, for a choice; a hop along the index for each, however long the log is.</summary>
    public IReadOnlyList<string> Events() => database.Read(tx => tx.Query(
        $"""
        with recursive found (event) as (
            select min(event) from audit where installation_id = {database.InstallationId}
            union all
            select (select min(audit.event) from audit where audit.installation_id = {database.InstallationId} and audit.event > found.event) from found
                where found.event is not null
        )
        select event from found where event is not null
        """,
        row => row.Text("event")));

    public static AuditEntry Map(Row row) => new(
        row.Text("id"), row.Time("at"), row.Text("actor"), row.TextOrNull("address"), row.Text("event"), row.TextOrNull("subject"), row.Text("detail"));

    private List<(AuditEntry Entry, AuditLink Link)> Portion(AuditQuery query, long? before)
    {
        var matching = before is null ? Matching(query) : Matching(query).And($"sequence < {before}");
        return database.Read(tx => tx.Query(
            $"select {Columns} from audit where {matching} order by sequence desc limit {PortionSize}",
            row => (Map(row), AuditLink.Map(row))));
    }

    private SqlPart Matching(AuditQuery query)
    {
        var where = SqlPart.Of($"installation_id = {database.InstallationId}");
        if (query.Since is { } since)
        {
            where = where.And($"at >= {since}");
        }

        if (query.Until is { } until)
        {
            where = where.And($"at < {until}");
        }

        if (query.Actor is { } actor)
        {
            where = where.And($"actor = {actor}");
        }

        if (query.Event is { } @event)
        {
            where = where.And($"event = {@event}");
        }

        if (query.Q is { } part)
        {
            var lower = part.ToLowerInvariant();
            where = where.And(
                $"{Sql.Contains("lower(actor)", lower)} or {Sql.Contains("lower(coalesce(address, ''))", lower)} or {Sql.Contains("lower(coalesce(subject, ''))", lower)} or {Sql.Contains("lower(detail)", lower)}");
        }

        return where;
    }
}

/// <summary>Which entries a list shows; null for all.</summary>
/// <param name="Until">Not itself.</param>
/// <param name="Q">Part of the actor, the address, the subject or the detail.</param>
internal sealed record AuditQuery(DateTimeOffset? Since, DateTimeOffset? Until, string? Actor, string? Event, string? Q);
