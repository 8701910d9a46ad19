using System.Text.Json;
using WgHub.Features.Audit;
using WgHub.Storage;

namespace WgHub.Features.Notifications;

/// <summary>Reads on from a place in both lists: the audit log, and what is no entry of it. Nothing is written: whoever reads keeps the place.</summary>
internal sealed class EventReader(Database database, Events events)
{
    /// <summary>The newest of both.</summary>
    public static EventCursor Head(Tx tx) => new(AuditChain.Head(tx).Sequence, HappeningStore.Head(tx));

    /// <summary>At most <paramref name="limit"/> of each list, in the order of their times.</summary>
    public (IReadOnlyList<Occurrence> Found, EventCursor Next) After(EventCursor from, int limit)
    {
        var entries = events.After(from.Audit, limit);
        return database.Read(tx =>
        {
            var happenings = HappeningStore.After(tx, from.Happening, limit);
            var found = entries.Select(one => FromEntry(tx, one.Entry)).Concat(happenings.Select(one => one.One)).OfType<Occurrence>();
            return (
                (IReadOnlyList<Occurrence>)[.. found.OrderBy(one => one.At)],
                new EventCursor(
                    entries.Count > 0 ? entries[^1].Link.Sequence : from.Audit, happenings.Count > 0 ? happenings[^1].Sequence : from.Happening));
        });
    }

    /// <returns>Null for an event that only an older version knew.</returns>
    private static Occurrence? FromEntry(Tx tx, AuditEntry entry) => EventCatalogue.Find(entry.Event) is not { } known ? null : new()
    {
        Id = entry.Id,
        At = entry.At,
        Event = known,
        SubjectId = entry.Subject,
        SubjectName = AuditNames.NamesIn(entry) is [.., var name] ? name : null,
        Group = GroupOf(tx, known, entry),
        Actor = entry.Actor,
        Detail = entry.Detail,
    };

    /// <summary>Whose spokes it is about: as the entry tells it, for one that is gone, or as it is now.</summary>
    private static string? GroupOf(Tx tx, NotifiedEvent known, AuditEntry entry)
    {
        if (entry.Subject is not { } id)
        {
            return null;
        }

        if (known.Of == SubjectKind.Group)
        {
            return id;
        }

        var now = known.Of == SubjectKind.Spoke ? tx.First($"select coalesce(group_name, '') as text from spokes where id = {id}", row => row.Text("text"))
            : known.Of == SubjectKind.Token
                ? tx.First($"select coalesce(group_name, '') as text from installation_tokens where id = {id}", row => row.Text("text"))
            : null;
        return (now ?? FactOf(entry, "group")) is { Length: > 0 } group ? group : null;
    }

    private static string? FactOf(AuditEntry entry, string name)
    {
        using var detail = JsonDocument.Parse(entry.Detail);
        return detail.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
