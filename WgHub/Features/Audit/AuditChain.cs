using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Audit;

/// <summary>
/// Each entry carries a hash over itself and the hash of the one before it: whoever changes, removes or slips in an entry
/// must write all later ones anew, and then the head is another than the one that was told before (in the log, by
/// <c>wghub audit verify</c>).
/// </summary>
internal static class AuditChain
{
    /// <summary>Where the next entry goes, inside the caller's transaction.</summary>
    public static AuditLink Head(Tx tx) =>
        tx.First($"select sequence, hash from audit where installation_id = {tx.InstallationId} order by sequence desc limit 1", AuditLink.Map)
            ?? AuditLink.Beginning;

    /// <param name="installationId">Of the database that the log is in.</param>
    /// <param name="before">The entry before this one.</param>
    /// <param name="salt">Keeps the hash from telling what stood in an entry that a person was taken out of; null for those from before there was one.</param>
    public static AuditLink Link(string installationId, AuditLink before, AuditEntry entry, string? salt)
    {
        var sequence = before.Sequence + 1;
        string?[] parts =
        [
            before.Hash,
            sequence.ToString(CultureInfo.InvariantCulture),
            installationId,
            entry.Id,
            entry.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            entry.Actor,
            entry.Address,
            entry.Event,
            entry.Subject,
            entry.Detail,
        ];
        return new(sequence, Hash(salt is null ? parts : [.. parts, salt]));
    }

    /// <summary>Reads the whole log and computes each hash anew.</summary>
    /// <param name="expected">An entry as it was told earlier: it must still be there.</param>
    public static AuditVerdict Verify(Tx tx, AuditLink? expected)
    {
        var from = AuditCut.Beginning(tx);
        var link = from;
        if (expected is not null && expected.Sequence < from.Sequence)
        {
            return new(from, $"The entry {expected} was taken away for its age, with all up to {from.Sequence}: what is left holds on to {from}.")
            {
                From = from,
            };
        }

        (DateTimeOffset First, DateTimeOffset Last)? span = null;
        var seen = expected is null || expected == from;
        var redactions = new RedactionCheck();
        foreach (var (stored, entry, salt, redactedBy) in tx.Stream(
            $"""
            select sequence, hash, id, at, actor, address, event, subject, detail, salt, redacted_by from audit
            where installation_id = {tx.InstallationId} order by sequence
            """,
            row => (AuditLink.Map(row), AuditLog.Map(row), row.TextOrNull("salt"), row.NumberOrNull("redacted_by"))))
        {
            if (redactedBy is { } by)
            {
                redactions.Redacted(stored.Sequence, entry, by);
            }

            // Entries from before there was a chain have a number alone; the first link ties in the last of them. The hash of one that a person was
            // taken out of is held by the entry after it.
            var isOld = stored.Hash.Length == 0 && link.Hash.Length == 0;
            if ((isOld || redactedBy > stored.Sequence ? stored.Sequence != link.Sequence + 1 : stored != Link(tx.InstallationId, link, entry, salt))
                || !redactions.Tells(stored.Sequence, entry))
            {
                return new AuditVerdict(
                    link,
                    stored.Sequence == link.Sequence + 1
                        ? $"Entry {stored.Sequence} was changed, or the one before it."
                        : $"Entry {link.Sequence + 1} is missing.")
                {
                    From = from,
                    Span = span,
                };
            }

            link = stored;
            span = (span?.First ?? entry.At, entry.At);
            seen |= link == expected;
        }

        var fault = redactions.End() is { } wrong ? $"Entry {wrong} answers for others that persons were taken out of."
            : seen ? null : $"The entry {expected} is not there any more: the log was cut, or written anew.";
        return new(link, fault) { From = from, Span = span };
    }

    /// <summary>SHA-256 over the parts, each with its length before it: no two lists of parts look the same.</summary>
    private static string Hash(params ReadOnlySpan<string?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part},");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>The place of an entry in the chain.</summary>
/// <param name="Sequence">From 1.</param>
/// <param name="Hash">SHA-256, hex; empty for an entry from before the chain.</param>
internal sealed record AuditLink(long Sequence, string Hash)
{
    public static readonly AuditLink Beginning = new(0, "");

    public static AuditLink Map(Row row) => row.NumberOrNull("sequence") is { } sequence ? new(sequence, row.TextOrNull("hash") ?? "") : Beginning;


    public static bool TryParse(string? text, out AuditLink link)
    {
        var parts = (text ?? "").Split(':');
        var isLink = parts is [_, { Length: SHA256.HashSizeInBytes * 2 }] && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        link = isLink ? new(long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1].ToLowerInvariant()) : Beginning;
        return isLink;
    }

    public override string ToString() => $"{Sequence}:{Hash}";
}

/// <param name="Head">The last entry that is as it was written.</param>
/// <param name="Fault">What is wrong after it; null when nothing is.</param>
internal sealed record AuditVerdict(AuditLink Head, string? Fault)
{
    /// <summary>Up to where older entries were taken away; the beginning when none were.</summary>
    public AuditLink From { get; init; } = AuditLink.Beginning;

    /// <summary>When the first entry and that one were written; null for an empty log.</summary>
    public (DateTimeOffset First, DateTimeOffset Last)? Span { get; init; }

    /// <summary>For a person.</summary>
    public override string ToString() =>
        Fault is not null ? $"the audit log is not as it was written. {Fault}"
        : Span is not { } span ? "the audit log is empty."
        : $"the audit log is unbroken: {Count(Head.Sequence - From.Sequence)}, from {Age.Stamp(span.First)} to {Age.Stamp(span.Last)}. "
            + (From.Sequence == 0 ? "" : $"Older ones were taken away for their age, up to {From}. ") + $"The last hash is {Head.Hash}.";

    private static string Count(long entries) => entries == 1 ? "1 entry" : string.Create(CultureInfo.InvariantCulture, $"{entries:N0} entries");
}
