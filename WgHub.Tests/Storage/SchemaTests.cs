using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using WgHub.TestKit;

namespace WgHub.Storage;

public sealed partial class SchemaTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-schema-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_full_picture_is_what_the_migrations_make()
    {
        using var picture = Connections.Open(":memory:", SqliteOpenMode.Memory);
        picture.Execute($"{new SqlPart(File.ReadAllText(Repository.PathOf("WgHub/Storage/schema.sql")))}");
        using var database = new Database(new(_folder.FullName), TimeProvider.System);

        Assert.Equal(Schema(new(picture, "", default, default, Actor.System)), database.Read(Schema));
    }

    /// <summary>Each table and index in one line, as it was declared: comments, line breaks and the quotes of a renaming tell nothing.</summary>
    private static List<string> Schema(Tx db) => db.Query(
        $"select sql from sqlite_master where sql is not null order by type, name",
        row =>
            Gap()
                .Replace(
                    Comment().Replace(row.Text("sql").Replace("\"", "", StringComparison.Ordinal), ""),
                    match => match.Groups["mark"].Value is { Length: > 0 } mark ? mark : " "));

    [GeneratedRegex("--.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s*(?<mark>[(),])\s*|\s+")]
    private static partial Regex Gap();
}
