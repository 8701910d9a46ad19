using System.Globalization;
using System.Text.Json;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Audit;

/// <summary>
/// Takes away the oldest entries. What is left is a chain all the same: an entry of its own, which is under the chain and told like the others, says
/// behind which link it begins.
/// </summary>
internal static class AuditCut
{
    /// <summary>Entries that go in one step: whoever waits behind it waits some tens of milliseconds at most.</summary>
    public const int MostAStep = 2_000;

    private const string Behind = "behind";
    private const string HashOf = "hash";

    /// <summary>How many entries are older. The newest stays, whatever its age.</summary>
    public static long Outdated(Tx tx, DateTimeOffset before) => LastOutdated(tx, before) is var last && last < First(tx) ? 0 : last - First(tx) + 1;

    /// <summary>Takes away a part of those that are older, the oldest first, and remembers it.</summary>
    /// <returns>How many went; 0 when there was nothing to do.</returns>
    public static long Step(Tx tx, DateTimeOffset before)
    {
        var first = First(tx);
        var last = Math.Min(LastOutdated(tx, before), first + MostAStep - 1);
        if (last < first)
        {
            return 0;
        }

        var link = tx.First($"select sequence, hash from audit where installation_id = {tx.InstallationId} and sequence = {last}", AuditLink.Map)!;
        var until = tx.Query($"select at from audit where installation_id = {tx.InstallationId} and sequence = {last}", row => row.Time("at"))[0];
        var former = AuditRedaction.HeldLater(tx, last);
        tx.Execute($"delete from audit where installation_id = {tx.InstallationId} and sequence <= {last}");

        // Names that later entries told again have a later place.
        tx.Execute($"delete from audit_names where installation_id = {tx.InstallationId} and sequence <= {last}");
        (string, string?)[] told =
        [
            ("entries", (last - first + 1).ToString(CultureInfo.InvariantCulture)), ("writtenUntil", UtcText.Of(until)),
            (Behind, link.Sequence.ToString(CultureInfo.InvariantCulture)), (HashOf, link.Hash),
        ];
        tx.Audit(
            AuditEvents.AuditCut, Subject.None,
            [.. told, .. former.Count == 0 ? [] : AuditRedaction.Restate(tx, former, AuditChain.Head(tx).Sequence + 1)]);
        return last - first + 1;
    }

    /// <summary>The link that the first entry is tied to: that of the newest cut.</summary>
    public static AuditLink Beginning(Tx tx)
    {
        var detail = tx.First(
            $"""
            select detail from audit where installation_id = {tx.InstallationId} and event = {AuditEvents.AuditCut.Name}
            order by sequence desc limit 1
            """,
            row => row.Text("detail"));
        if (detail is null)
        {
            return AuditLink.Beginning;
        }

        using var facts = JsonDocument.Parse(detail);
        return long.TryParse(Fact(facts, Behind), NumberStyles.None, CultureInfo.InvariantCulture, out var behind)
            ? new(behind, Fact(facts, HashOf))
            : AuditLink.Beginning;
    }

    private static string Fact(JsonDocument facts, string name) =>
        facts.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static long First(Tx tx) => tx.Count($"select coalesce(min(sequence), 0) from audit where installation_id = {tx.InstallationId}");

    /// <summary>Those before the first that is younger: where the clock jumped, an old one among younger ones stays.</summary>
    private static long LastOutdated(Tx tx, DateTimeOffset before) => tx.Count(
        $"""
        select coalesce(
            (select sequence from audit where installation_id = {tx.InstallationId} and at >= {before} order by sequence limit 1),
            (select max(sequence) from audit where installation_id = {tx.InstallationId}), 1) - 1
        """);
}
