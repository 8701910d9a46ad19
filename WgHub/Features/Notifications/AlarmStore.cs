using System.Text;
using System.Text.Json;
using WgHub.Storage;

namespace WgHub.Features.Notifications;

/// <summary>The table of conditions that have begun and not ended. Both are told as they are noted, in one step.</summary>
internal sealed class AlarmStore(Database database)
{
    public IReadOnlySet<string> Open() => database.Read(tx => tx.Query($"select name from alarms", row => row.Text("name")).ToHashSet());

    public Task BeginAsync(NotifiedEvent alarm, string why, CancellationToken cancellationToken) => database.NoteAsync(
        tx =>
        {
            tx.Execute($"insert into alarms (name, began_at) values ({alarm.Name}, {tx.Now}) on conflict do nothing");
            HappeningStore.Add(tx, [HappeningStore.Make(tx, alarm, Because(why))]);
        },
        cancellationToken);

    public Task EndAsync(NotifiedEvent alarm, CancellationToken cancellationToken) => database.NoteAsync(
        tx =>
        {
            tx.Execute($"delete from alarms where name = {alarm.Name}");
            HappeningStore.Add(tx, [HappeningStore.Make(tx, EventCatalogue.EndOf(alarm))]);
        },
        cancellationToken);

    private static string Because(string why)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("because", why);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
