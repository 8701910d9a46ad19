using System.Text.Json;
using Microsoft.Data.Sqlite;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Audit;

/// <summary>Remembers every change. An entry is written in the transaction of the change: there is not one without the other.</summary>
internal sealed class AuditLog(Database database, AuditChain chain, TimeProvider time)
{
    private const int PortionSize = 1_000;

    private static readonly SqlPart Columns = new("id, at, actor, address, event, subject, detail");

    /// <summary>Appends an entry inside the caller's transaction.</summary>
    /// <param name="subject">Id of what changed.</param>
    /// <param name="facts">What the entry tells; values are never secrets.</param>
    public void Append(SqliteConnection transaction, Actor actor, string @event, string? subject, params ReadOnlySpan<(string Name, string? Value)> facts)
    {
        var now = time.GetUtcNow();
        var entry = new AuditEntry(Guid.CreateVersion7(now).ToString(), now, actor.Name, actor.Address, @event, subject, ToJson(facts));
        var link = chain.Link(chain.Head(transaction), entry);
        transaction.Execute(
            $"""
            insert into audit (id, hub_id, at, actor, address, event, subject, detail, sequence, hash)
            values ({entry.Id}, {database.HubId}, {now.ToUnixTimeMilliseconds()}, {entry.Actor}, {entry.Address}, {entry.Event}, {entry.Subject}, {entry.Detail}, {link.Sequence}, {link.Hash})
            """);
    }

    /// <summary>A page of entries, newest first, and the number that match.</summary>
    public (IReadOnlyList<AuditEntry> Entries, long Total) List(AuditQuery query)
    {
        var matching = Matching(query);
        return database.Read(db => (
            (IReadOnlyList<AuditEntry>)db.Query(
                $"select {Columns} from audit where {matching} order by sequence desc limit {query.Paging.PageSize} offset {query.Paging.Offset}",
                row => Map(row)),
            db.Count($"select count(*) from audit where {matching}")));
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

    /// <summary>What was written after the given place, the oldest first; at most <paramref name="limit"/> entries.</summary>
    public IReadOnlyList<(AuditEntry Entry, AuditLink Link)> After(long sequence, int limit) => database.Read(db => db.Query(
        $"select {Columns}, sequence, hash from audit where hub_id = {database.HubId} and sequence > {sequence} order by sequence limit {limit}",
        row => (Map(row), AuditLink.Map(row, 7))));

    /// <summary>The events that there are, for a choice; a hop along the index for each, however long the log is.</summary>
    public IReadOnlyList<string> Events() => database.Read(db => db.Query(
        $"""
        with recursive found (event) as (
            select min(event) from audit where hub_id = {database.HubId}
            union all
            select (select min(audit.event) from audit where audit.hub_id = {database.HubId} and audit.event > found.event) from found where found.event is not null
        )
        select event from found where event is not null
        """,
        row => row.GetString(0)));

    public static AuditEntry Map(SqliteDataReader row, int first = 0) => new(
        row.GetString(first), row.Time(first + 1), row.GetString(first + 2), row.TextOrNull(first + 3), row.GetString(first + 4), row.TextOrNull(first + 5), row.GetString(first + 6));

    private List<(AuditEntry Entry, AuditLink Link)> Portion(AuditQuery query, long? before)
    {
        var matching = before is null ? Matching(query) : Matching(query).And($"sequence < {before}");
        return database.Read(db => db.Query(
            $"select {Columns}, sequence, hash from audit where {matching} order by sequence desc limit {PortionSize}",
            row => (Map(row), AuditLink.Map(row, 7))));
    }

    private SqlPart Matching(AuditQuery query)
    {
        var where = SqlPart.Of($"hub_id = {database.HubId}");
        if (query.Since is { } since)
        {
            where = where.And($"at >= {since.ToUnixTimeMilliseconds()}");
        }

        if (query.Until is { } until)
        {
            where = where.And($"at < {until.ToUnixTimeMilliseconds()}");
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
            where = where.And($"instr(lower(actor), {lower}) > 0 or instr(lower(coalesce(address, '')), {lower}) > 0 or instr(lower(coalesce(subject, '')), {lower}) > 0 or instr(lower(detail), {lower}) > 0");
        }

        return where;
    }

    private static string ToJson(ReadOnlySpan<(string Name, string? Value)> facts)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in facts)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}

/// <summary>Which entries a list shows; null for all.</summary>
/// <param name="Until">Not itself.</param>
/// <param name="Q">Part of the actor, the address, the subject or the detail.</param>
internal sealed record AuditQuery(DateTimeOffset? Since, DateTimeOffset? Until, string? Actor, string? Event, string? Q, Paging Paging);
