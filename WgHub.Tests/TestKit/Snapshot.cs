using System.Text;
using WgHub.Storage;

namespace WgHub.TestKit;

/// <summary>All that a refused request must leave as it was: every row of every table but the hub's own notes, and the interface.</summary>
internal static class Snapshot
{
    /// <summary>What the hub notes at any moment, whoever asks for what.</summary>
    private static readonly string[] OfItsOwn = ["alarms", "happenings", "presence_looks", "spoke_presence"];

    public static async Task<string> TakeAsync(TestHub hub) =>
        hub.Database.Read(Rows) + string.Join('\n', (await Wg.PeersAsync(hub.Interface)).OrderBy(peer => peer.Key));

    private static string Rows(Tx db)
    {
        var text = new StringBuilder();
        foreach (var table in db.Query($"select name from sqlite_master where type = 'table' order by name", row => row.Text("name")).Except(OfItsOwn))
        {
            text.AppendLine(table);
            foreach (var line in db.Query($"{new SqlPart($"select * from {table} order by 1")}", Line).Where(line => !IsOfTheLog(line)))
            {
                text.AppendLine(line);
            }
        }

        return text.ToString();
    }

    /// <summary>The mark of the database's log, which is another one whenever the log begins anew.</summary>
    private static bool IsOfTheLog(string line) => line.StartsWith("log|", StringComparison.Ordinal);

    private static string Line(Row row) => string.Join('|', row.Values());
}
