using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using WgHub.Storage;

namespace WgHub.Features.Audit;

/// <summary>
/// Takes a person out of entries that are kept. The hash of such an entry stays as it was told, and with it the whole chain; its own content is
/// held by a digest in the entry that tells of it (<see cref="RedactionCheck"/>). Its salt goes, so that nobody can guess what stood there and try.
/// </summary>
internal static class AuditRedaction
{
    /// <summary>Entries that are changed in one step.</summary>
    public const int MostAStep = 500;

    internal const string Count = "redacted";
    internal const string Digest = "redactedDigest";
    internal const string Supersedes = "redactedBefore";

    /// <summary>Changes entries inside the caller's transaction, and appends the one that tells of it.</summary>
    /// <param name="sequences">At most <see cref="MostAStep"/>.</param>
    public static void Apply(
        Tx tx, IReadOnlyList<long> sequences, Func<AuditEntry, AuditEntry> change, AuditEvent told, params ReadOnlySpan<(string, string?)> facts)
    {
        var number = AuditChain.Head(tx).Sequence + 1;
        SortedSet<long> former = [];
        foreach (var sequence in sequences)
        {
            var (entry, by) = tx.Query(
                $"""
                select id, at, actor, address, event, subject, detail, redacted_by from audit
                where installation_id = {tx.InstallationId} and sequence = {sequence}
                """,
                row => (AuditLog.Map(row), row.NumberOrNull("redacted_by")))[0];
            var changed = change(entry);
            tx.Execute(
                $"""
                update audit set actor = {changed.Actor}, address = {changed.Address}, detail = {changed.Detail}, salt = null, redacted_by = {number}
                where installation_id = {tx.InstallationId} and sequence = {sequence}
                """);
            if (by is { } before)
            {
                former.Add(before);
            }
        }

        tx.Audit(told, Subject.None, [.. facts, .. Restate(tx, former, number)]);
    }

    /// <summary>What the entry of that number has to tell of all that it now answers for: its own, and what is left of former ones.</summary>
    public static (string, string?)[] Restate(Tx tx, IReadOnlyCollection<long> former, long number)
    {
        foreach (var before in former)
        {
            tx.Execute($"update audit set redacted_by = {number} where installation_id = {tx.InstallationId} and redacted_by = {before}");
        }

        var check = new RedactionSet();
        foreach (var (sequence, entry) in tx.Query(
            $"""
            select sequence, id, at, actor, address, event, subject, detail from audit
            where installation_id = {tx.InstallationId} and redacted_by = {number} order by sequence
            """,
            row => (row.Number("sequence"), AuditLog.Map(row))))
        {
            check.Add(sequence, entry);
        }

        return [(Count, check.Count.ToString(CultureInfo.InvariantCulture)), (Digest, check.Digest), (Supersedes, string.Join(',', former))];
    }

    /// <summary>Those that entries up to a number are held by, and that are still there after a cut.</summary>
    public static IReadOnlyList<long> HeldLater(Tx tx, long last) => tx.Query(
        $"""
        select distinct redacted_by from audit
        where installation_id = {tx.InstallationId} and sequence <= {last} and redacted_by > {last} order by redacted_by
        """,
        row => row.Number("redacted_by"));

    /// <summary>A JSON object of texts with each text changed.</summary>
    /// <param name="change">Takes the name and the text.</param>
    public static string WithTexts(string detail, Func<string, string, string> change)
    {
        using var facts = JsonDocument.Parse(detail);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.Default }))
        {
            json.WriteStartObject();
            foreach (var fact in facts.RootElement.EnumerateObject())
            {
                json.WritePropertyName(fact.Name);
                if (fact.Value.ValueKind == JsonValueKind.String)
                {
                    json.WriteStringValue(change(fact.Name, fact.Value.GetString()!));
                }
                else
                {
                    fact.Value.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}

/// <summary>Redacted entries that one entry answers for, as they are now.</summary>
internal sealed class RedactionSet
{
    private readonly StringBuilder _text = new();

    public long Count { get; private set; }

    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_text.ToString())));

    public void Add(long sequence, AuditEntry entry)
    {
        Count++;
        foreach (var part in new[]
        {
            sequence.ToString(CultureInfo.InvariantCulture), entry.Id, entry.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), entry.Actor,
            entry.Address, entry.Event, entry.Subject, entry.Detail,
        })
        {
            _text.Append(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part},");
        }
    }
}
