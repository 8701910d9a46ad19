using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Audit;

/// <summary>Reads what is remembered.</summary>
internal sealed class AuditLog(Database database)
{
    /// <summary>
    /// How many entries, the newest, a search for a part reads where no days are given: no index finds a part, and a long log must not make
    /// everybody wait. Files hold what the whole log has.
    /// </summary>
    public const int Searched = 200_000;

    private const int PortionSize = 1_000;

    private static readonly SqlPart Columns = new("id, at, actor, address, event, subject, detail, sequence, hash");

    /// <summary>A page of entries, newest first, and the number that match.</summary>
    public Part<AuditEntry> List(AuditQuery query, Paging paging)
    {
        var newest = SqlPart.Of($"sequence > (select coalesce(max(sequence), 0) - {Searched} from audit where installation_id = {database.InstallationId})");
        var matching = IsCut(query) ? Matching(query, newest) : Matching(query);
        return database.Read(tx =>
        {
            var rows = tx.Query($"select {Columns} from audit where {matching} order by sequence desc limit {paging.PageSize} offset {paging.Offset}", Map);
            var isAll = paging.Page == 1 && rows.Count < paging.PageSize;
            return new Part<AuditEntry>(rows, isAll ? rows.Count : tx.Count($"select count(*) from audit where {matching}"), paging);
        });
    }

    /// <summary>True when a list would leave out what is older than <see cref="Searched"/> entries.</summary>
    public bool IsCut(AuditQuery query) =>
        query is { Q: not null, Since: null, Until: null, Subject: null } && database.Read(AuditChain.Head).Sequence > Searched;

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

    /// <returns>When the newest entry was made; null before the first.</returns>
    public static DateTimeOffset? NewestAt(Tx tx) => tx.Query(
        $"select at from audit where installation_id = {tx.InstallationId} order by sequence desc limit 1", row => row.Time("at")) is [var at] ? at : null;

    public static AuditEntry Map(Row row) => new(
        row.Text("id"), row.Time("at"), row.Text("actor"), row.TextOrNull("address"), row.Text("event"), row.TextOrNull("subject"), row.Text("detail"));

    private List<(AuditEntry Entry, AuditLink Link)> Portion(AuditQuery query, long? before)
    {
        var matching = before is null ? Matching(query) : Matching(query).And($"sequence < {before}");
        return database.Read(tx => tx.Query(
            $"select {Columns} from audit where {matching} order by sequence desc limit {PortionSize}",
            row => (Map(row), AuditLink.Map(row))));
    }

    private SqlPart Matching(AuditQuery query, SqlPart? bounds = null)
    {
        var where = SqlPart.Of($"installation_id = {database.InstallationId}");
        if (bounds is not null)
        {
            where = where.And($"{bounds}");
        }

        if (query.Subject is { } subject)
        {
            // From the few entries of the subject to their places, and not along all places: SQLite would choose that for the order's sake.
            where = where.And(
                $"""
                sequence in (select about.sequence from audit as about where about.installation_id = {database.InstallationId}
                    and about.subject in ({AuditNames.IdsOf(database.InstallationId, subject)}))
                """);
        }

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

        if (query is { Event: { } @event, Subject: null })
        {
            where = where.And($"event = {@event}");
        }

        if (query is { Event: { } also, Subject: not null })
        {
            where = where.And($"coalesce(event, '') = {also}"); // not by its index: a subject has fewer entries
        }

        if (query.Q is { } part)
        {
            var lower = part.ToLowerInvariant();
            where = where.And(
                $"""
                {Sql.Contains("lower(actor)", lower)} or {Sql.Contains("lower(coalesce(address, ''))", lower)}
                or {Sql.Contains("lower(coalesce(subject, ''))", lower)} or {Sql.Contains("lower(detail)", lower)}
                or subject in ({AuditNames.IdsLike(database.InstallationId, part)})
                """);
        }

        return where;
    }
}

/// <summary>Which entries a list shows; null for all.</summary>
/// <param name="Until">Not itself.</param>
/// <param name="Q">Part of the actor, the address, the subject, a name that it ever had, or the detail.</param>
internal sealed record AuditQuery(DateTimeOffset? Since, DateTimeOffset? Until, string? Actor, string? Event, string? Q)
{
    /// <summary>Id of what changed, or a name that it ever had, whole; in any case.</summary>
    public string? Subject { get; init; }

    /// <summary>All entries about one thing.</summary>
    public static AuditQuery About(string subject) => new(null, null, null, null, null) { Subject = subject };
}
