using WgHub.Features.Audit;
using WgHub.Features.Auth.Accounts;
using WgHub.Storage;

namespace WgHub.Features.Persons;

/// <summary>Finds what there is of somebody, in the tables of all rooms. What is changed, those rooms change.</summary>
internal static class PersonStore
{
    /// <summary>Owners that are this person, as they are written.</summary>
    public static IReadOnlyList<string> Owners(Tx tx, PersonName who) => [.. tx.Query(
        $"select owner from spokes where owner <> '' union select owner from installation_tokens where owner <> ''", row => row.Text("owner")).Where(who.Is)];

    /// <summary>Makers of tokens that are this person, as they are written.</summary>
    public static IReadOnlyList<string> Makers(Tx tx, PersonName who) => [.. tx.Query(
        $"""
        select created_by from installation_tokens union select created_by from cluster_tokens union select created_by from api_tokens
        """,
        row => row.Text("created_by")).Where(who.IsActor)];

    public static IReadOnlyList<PersonSpokeDto> Spokes(Tx tx, string owner) => tx.Query(
        $"""
        select spokes.id, leases.name, leases.address, registered_at, endpoint, last_handshake_at from spokes
            join leases on leases.spoke_id = spokes.id join peers on peers.spoke_id = spokes.id and peers.hub_id = spokes.hub_id
        where owner = {owner} order by leases.name_key
        """,
        row => new PersonSpokeDto(
            row.Text("id"), row.Text("name"), row.Text("address"), row.Time("registered_at"), row.TextOrNull("endpoint"),
            row.TimeOrNull("last_handshake_at")));

    public static IReadOnlyList<PersonTokenDto> Tokens(Tx tx, PersonName who) => [.. tx.Query(
        $"select id, spoke_name, created_by, owner, created_at from installation_tokens order by created_at, id",
        row => new PersonTokenDto(row.Text("id"), row.Text("spoke_name"), row.Text("created_by"), row.Text("owner"), row.Time("created_at")))
        .Where(token => who.Is(token.Owner) || who.IsActor(token.CreatedBy))];

    /// <summary>Entries that name the person, the oldest first, from a place on. The whole log is read: no index finds who is in a text.</summary>
    public static IReadOnlyList<(long Sequence, AuditEntry Entry)> Entries(Tx tx, PersonName who, IReadOnlyList<User> accounts)
    {
        string[] ids = [.. accounts.Select(account => account.Id)];
        return [.. tx.Stream(
            $"""
            select sequence, id, at, actor, address, event, subject, detail from audit where installation_id = {tx.InstallationId} order by sequence
            """,
            row => (Sequence: row.Number("sequence"), Entry: AuditLog.Map(row))).Where(one => who.Without(one.Entry, ids, "") != one.Entry)];
    }

    public static IReadOnlyList<MentionDto> Mentions(Tx tx, PersonName who)
    {
        var part = who.Text.ToLowerInvariant();
        (string Where, long Count)[] found =
        [
            ("names of spokes", tx.Count($"select count(*) from leases where {Sql.Contains("lower(name)", part)}")),
            ("host names of spokes", tx.Count($"select count(*) from spokes where {Sql.Contains("lower(host_name)", part)}")),
            ("notes of spokes", tx.Count($"select count(*) from spokes where {Sql.Contains("lower(notes)", part)}")),
            ("facts that machines told", tx.Count($"select count(*) from spokes where {Sql.Contains("lower(metadata)", part)}")),
            ("notes of rules", tx.Count($"select count(*) from policy_rules where {Sql.Contains("lower(note)", part)}")),
            ("targets of notifications", tx.Count($"select count(*) from notification_channels where {Sql.Contains("lower(target)", part)}")),
            ("messages of the last days", tx.Count($"select count(*) from notification_deliveries where {Sql.Contains("lower(body)", part)}")),
            ("names of API tokens", tx.Count($"select count(*) from api_tokens where {Sql.Contains("lower(name)", part)}")),
        ];
        return [.. found.Where(one => one.Count > 0).Select(one => new MentionDto(one.Where, one.Count))];
    }
}
