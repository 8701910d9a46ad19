using System.Text;
using WgHub.Storage;

namespace WgHub.TestKit;

/// <summary>All that a refused request must leave as it was: every row of every table, and the interface.</summary>
internal static class Snapshot
{
    public static async Task<string> TakeAsync(TestHub hub) =>
        hub.Database.Read(Rows) + string.Join('\n', (await Wg.PeersAsync(hub.Interface)).OrderBy(peer => peer.Key));

    private static string Rows(Tx db)
    {
        var text = new StringBuilder();
        foreach (var table in db.Query($"select name from sqlite_master where type = 'table' order by name", row => row.Text("name")))
        {
            text.AppendLine(table);
            foreach (var line in db.Query($"{new SqlPart($"select * from {table} order by 1")}", Line))
            {
                text.AppendLine(line);
            }
        }

        return text.ToString();
    }

    private static string Line(Row row) => string.Join('|', row.Values());
}
