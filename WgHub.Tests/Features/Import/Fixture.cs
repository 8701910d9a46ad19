using Microsoft.Data.Sqlite;
using WgHub.Storage;
using WgHub.TestKit;

namespace WgHub.Features.Import;

/// <summary>Files as other tools leave them; see README.md.</summary>
internal static class Fixture
{
    public static readonly IReadOnlyList<string> All =
        ["wg-easy-14.json", "wg-easy-15.sql", "wgdashboard.sql", "wgdashboard.conf", "wg-portal-2.sql", "wg-portal-1.sql", "pivpn.conf", "comments.conf"];

    /// <summary>The file's bytes; a database is made of its SQL first.</summary>
    public static byte[] Bytes(string name)
    {
        var path = Repository.PathOf($"WgHub.Tests/Features/Import/fixtures/{name}");
        return name.EndsWith(".sql", StringComparison.Ordinal) ? Database(File.ReadAllText(path)) : File.ReadAllBytes(path);
    }

    public static byte[] Database(string sql)
    {
        var file = Path.GetTempFileName();
        try
        {
            using (var connection = Connections.Open(file, SqliteOpenMode.ReadWriteCreate))
            {
                connection.Execute($"{new SqlPart(sql)}");
            }

            return File.ReadAllBytes(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static ImportSource Read(params string[] names) => ExportFiles.Read([.. names.Select(Bytes)], "wg0", CancellationToken.None);
}
