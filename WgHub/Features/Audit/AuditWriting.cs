using System.Text;
using System.Text.Json;
using WgHub.Storage;

namespace WgHub.Features.Audit;

/// <summary>Remembers every change, in the transaction of the change: there is not one without the other.</summary>
internal static class AuditWriting
{
    /// <summary>Appends an entry in the name of <see cref="Tx.By"/>.</summary>
    /// <param name="subject">Id of what changed.</param>
    /// <param name="facts">What the entry tells; values are never secrets.</param>
    public static void Audit(this Tx tx, AuditEvent @event, string? subject, params ReadOnlySpan<(string Name, string? Value)> facts)
    {
        var entry = new AuditEntry(Guid.CreateVersion7(tx.Now).ToString(), tx.Now, tx.By.Name, tx.By.Address, @event.Name, subject, ToJson(facts));
        var link = AuditChain.Link(tx.InstallationId, AuditChain.Head(tx), entry);
        tx.Execute(
            $"""
            insert into audit (id, installation_id, at, actor, address, event, subject, detail, sequence, hash)
            values ({entry.Id}, {tx.InstallationId}, {tx.Now}, {entry.Actor}, {entry.Address}, {entry.Event}, {entry.Subject},
                {entry.Detail},
                {link.Sequence}, {link.Hash})
            """);
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

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
