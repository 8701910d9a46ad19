using System.Text.Json;
using Microsoft.Data.Sqlite;
using WgHub.Storage;

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

    /// <summary>A page of entries, newest first.</summary>
    public (IReadOnlyList<AuditEntry> Entries, long Total) List(AuditQuery query)
    {
        var since = query.Since?.ToUnixTimeMilliseconds();
        return database.Read(db => (
            (IReadOnlyList<AuditEntry>)db.Query(
                $"""
                select id, at, actor, address, event, subject, detail from audit
                where hub_id = {database.HubId}
                    and (cast({since} as bigint) is null or at >= {since})
                    and (cast({query.Actor} as text) is null or actor = {query.Actor})
                    and (cast({query.Event} as text) is null or event = {query.Event})
                order by id desc limit {query.PageSize} offset {(query.Page - 1) * query.PageSize}
                """,
                Map),
            db.Count(
                $"""
                select count(*) from audit
                where hub_id = {database.HubId}
                    and (cast({since} as bigint) is null or at >= {since})
                    and (cast({query.Actor} as text) is null or actor = {query.Actor})
                    and (cast({query.Event} as text) is null or event = {query.Event})
                """)));
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

/// <param name="Page">From 1.</param>
internal sealed record AuditQuery(DateTimeOffset? Since, string? Actor, string? Event, int Page, int PageSize);
