using System.Text.Json;
using WgHub.Storage;

namespace WgHub.Features.Audit;

/// <summary>
/// Which name belonged to which id at some time: what a search by name asks. It is made from the entries alone, and stands outside of their
/// chain: whoever doubts it reads those.
/// </summary>
internal static class AuditNames
{
    private const string Became = " → ";

    /// <summary>The id itself, and all ids that were ever called so.</summary>
    public static SqlPart IdsOf(string installationId, string nameOrId) => SqlPart.Of(
        $"""
        select {nameOrId} union all
        select subject from audit_names where installation_id = {installationId} and name_key = {nameOrId.ToUpperInvariant()}
        """);

    /// <summary>All ids that were ever called something with this part in it.</summary>
    public static SqlPart IdsLike(string installationId, string part) => SqlPart.Of(
        $"select subject from audit_names where installation_id = {installationId} and {Sql.Contains("name_key", part.ToUpperInvariant())}");

    /// <returns>As the last entry with a name called it; null when none did.</returns>
    public static string? LastOf(Tx tx, string id) => tx.First(
        $"select name from audit_names where installation_id = {tx.InstallationId} and subject = {id} order by sequence desc limit 1",
        row => row.Text("name"));

    /// <summary>Remembers the names that entries tell.</summary>
    public static void Keep(Tx tx, IReadOnlyList<(AuditEntry Entry, AuditLink Link)> entries) =>
        tx.ExecuteEach([.. entries.SelectMany(one => Told(one.Entry, one.Link))], one =>
            $"""
            insert into audit_names (installation_id, subject, name, name_key, sequence)
            values ({tx.InstallationId}, {one.Subject}, {one.Name}, {one.Name.ToUpperInvariant()}, {one.Sequence})
            on conflict (installation_id, subject, name) do update set sequence = excluded.sequence
                where excluded.sequence > audit_names.sequence
            """);

    /// <summary>A subject has another name, also where it was searched for by its own.</summary>
    public static void Rename(Tx tx, string subject, string name)
    {
        var last = tx.Count($"select coalesce(max(sequence), 0) from audit_names where installation_id = {tx.InstallationId} and subject = {subject}");
        tx.Execute($"delete from audit_names where installation_id = {tx.InstallationId} and subject = {subject}");
        tx.Execute(
            $"""
            insert into audit_names (installation_id, subject, name, name_key, sequence)
            values ({tx.InstallationId}, {subject}, {name}, {name.ToUpperInvariant()}, {last})
            """);
    }

    /// <summary>How an entry's subject was called when it was written; two names, the former first, when that is what changed.</summary>
    public static IReadOnlyList<string> NamesIn(AuditEntry entry)
    {
        if (entry.Subject is null || AuditEvents.Find(entry.Event) is not { Of.IsOne: false } known)
        {
            return [];
        }

        using var detail = JsonDocument.Parse(entry.Detail);
        var name = Fact(detail, known.Of.NameFact);
        var names = name.Length == 0 ? [] : name.Split(Became);
        return Fact(detail, "nameBefore") is { Length: > 0 } before && before != name ? [before, .. names] : names;
    }

    /// <summary>A name that ended with an entry was good up to the one before it.</summary>
    private static IEnumerable<(string? Subject, string Name, long Sequence)> Told(AuditEntry entry, AuditLink link) =>
        NamesIn(entry).Reverse().Select((name, at) => (entry.Subject, name, link.Sequence - at));

    private static string Fact(JsonDocument detail, string name) =>
        detail.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
