using System.Text.Json;
using Microsoft.Data.Sqlite;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Audit;

/// <summary>Remembers every change. An entry is written in the transaction of the change: there is not one without the other.</summary>
internal sealed class AuditLog(Database database, TimeProvider time)
{
    /// <summary>Appends an entry inside the caller's transaction.</summary>
    /// <param name="subject">Id of what changed.</param>
    /// <param name="facts">What the entry tells; values are never secrets.</param>
    public void Append(SqliteConnection transaction, Actor actor, string @event, string? subject, params ReadOnlySpan<(string Name, string? Value)> facts)
    {
        var now = time.GetUtcNow();
        transaction.Execute(
            $"""
            insert into audit (id, hub_id, at, actor, address, event, subject, detail)
            values ({Guid.CreateVersion7(now).ToString()}, {database.HubId}, {now.ToUnixTimeMilliseconds()}, {actor.Name}, {actor.Address}, {@event}, {subject}, {ToJson(facts)})
            """);
    }

    /// <summary>A page of entries, newest first, and the number that match.</summary>
    public (IReadOnlyList<AuditEntry> Entries, long Total) List(AuditQuery query)
    {
        var matching = Matching(query);
        return database.Read(db => (
            (IReadOnlyList<AuditEntry>)db.Query(
                $"select id, at, actor, address, event, subject, detail from audit where {matching} order by id desc limit {query.Paging.PageSize} offset {query.Paging.Offset}",
                Map),
            db.Count($"select count(*) from audit where {matching}")));
    }

    private SqlPart Matching(AuditQuery query)
    {
        var where = SqlPart.Of($"hub_id = {database.HubId}");
        if (query.Since is { } since)
        {
            where = where.And($"at >= {since.ToUnixTimeMilliseconds()}");
        }

        if (query.Actor is { } actor)
        {
            where = where.And($"actor = {actor}");
        }

        if (query.Event is { } @event)
        {
            where = where.And($"event = {@event}");
        }

        return where;
    }

    private static AuditEntry Map(SqliteDataReader row) =>
        new(row.GetString(0), row.Time(1), row.GetString(2), row.TextOrNull(3), row.GetString(4), row.TextOrNull(5), row.GetString(6));

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
internal sealed record AuditQuery(DateTimeOffset? Since, string? Actor, string? Event, Paging Paging);
