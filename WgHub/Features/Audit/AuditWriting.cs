using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WgHub.Storage;

namespace WgHub.Features.Audit;

/// <summary>Remembers every change, in the transaction of the change: there is not one without the other.</summary>
internal static class AuditWriting
{
    private const int SaltBytes = 16;

    /// <summary>Appends an entry in the name of <see cref="Tx.By"/>.</summary>
    /// <param name="facts">What the entry tells besides the subject's name, which is among them where that changes; values are never secrets.</param>
    public static void Audit(this Tx tx, AuditEvent @event, Subject subject, params ReadOnlySpan<(string Name, string? Value)> facts) =>
        tx.AuditEach(@event, [(Subject: subject, Facts: facts.ToArray())], one => one.Subject, one => one.Facts);

    /// <summary>The same for many at once, an entry for each.</summary>
    public static void AuditEach<T>(this Tx tx, AuditEvent @event, IReadOnlyList<T> items, Func<T, Subject> subject, Func<T, (string, string?)[]> facts)
    {
        var link = AuditChain.Head(tx);
        List<(AuditEntry Entry, AuditLink Link, string Salt)> entries = new(items.Count);
        foreach (var item in items)
        {
            var about = subject(item);
            var entry = Entry(tx, @event, about.Id, ToJson(Named(@event, about, facts(item))));
            var salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SaltBytes));
            link = AuditChain.Link(tx.InstallationId, link, entry, salt);
            entries.Add((entry, link, salt));
        }

        tx.ExecuteEach(entries, entry => Insert(tx, entry));
        AuditNames.Keep(tx, [.. entries.Select(one => (one.Entry, one.Link))]);
    }

    /// <summary>The name is a fact like the others: it is under the hash, and stays when the subject is gone.</summary>
    private static (string Name, string? Value)[] Named(AuditEvent @event, Subject subject, (string Name, string? Value)[] facts) =>
        subject.Name is { } name && !facts.Any(fact => fact.Name == @event.Of.NameFact) ? [(@event.Of.NameFact, name), .. facts] : facts;

    private static AuditEntry Entry(Tx tx, AuditEvent @event, string? subject, string detail) =>
        new(Guid.CreateVersion7(tx.Now).ToString(), tx.Now, tx.By.Name, tx.By.Address, @event.Name, subject, detail);

    private static Sql Insert(Tx tx, (AuditEntry Entry, AuditLink Link, string Salt) one) =>
        $"""
        insert into audit (id, installation_id, at, actor, address, event, subject, detail, sequence, hash, salt)
        values ({one.Entry.Id}, {tx.InstallationId}, {tx.Now}, {one.Entry.Actor}, {one.Entry.Address}, {one.Entry.Event}, {one.Entry.Subject},
            {one.Entry.Detail}, {one.Link.Sequence}, {one.Link.Hash}, {one.Salt})
        """;

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

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
