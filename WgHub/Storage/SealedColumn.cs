using System.Security.Cryptography;
using WgHub.Hosting;

namespace WgHub.Storage;

/// <summary>A column whose texts are sealed by the master key, each to its own row: a text that is moved to another row does not open there.</summary>
/// <param name="Key">The columns that name the row; a name of several has a colon between them.</param>
/// <param name="Identity">What a text is sealed to, made of the row's name.</param>
internal sealed record SealedColumn(string Table, string Column, IReadOnlyList<string> Key, Func<string, string> Identity)
{
    public string Seal(MasterKey masterKey, string row, Secret secret) => masterKey.Seal(secret.Reveal(), Identity(row));

    /// <exception cref="StorageException">Somebody changed or moved the text, or another master key sealed it.</exception>
    public Secret Open(MasterKey masterKey, string row, string sealedText)
    {
        try
        {
            return new(masterKey.Open(sealedText, Identity(row)));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            throw new StorageException($"The master key does not open {Table}.{Column} of {row}. Put a backup of the database in its place.", exception);
        }
    }

    /// <summary>Puts all rows under another master key, or to other identities, inside the caller's transaction.</summary>
    /// <param name="before">The column as the texts were sealed.</param>
    /// <returns>Number of rows.</returns>
    /// <exception cref="StorageException">A text does not open under <paramref name="from"/>.</exception>
    public int Reseal(Tx tx, SealedColumn before, MasterKey from, MasterKey to)
    {
        var rows =
            tx.Query(
                $"select {Named}, {new SqlPart(Column)} as sealed_text from {new SqlPart(Table)} where {new SqlPart(Column)} is not null",
                row => (Key: KeyOf(row), Text: row.Text("sealed_text")));
        foreach (var (key, text) in rows)
        {
            var name = string.Join(':', key);
            var resealed = Seal(to, name, before.Open(from, name, text));
            tx.Execute($"update {new SqlPart(Table)} set {new SqlPart(Column)} = {resealed} where {IsRow(key)}");
        }

        return rows.Count;
    }

    /// <summary>False when the column holds a text that <paramref name="masterKey"/> does not open; one is tried.</summary>
    public bool IsOpenedBy(Tx tx, MasterKey masterKey) =>
        tx.First(
            $"select {Named}, {new SqlPart(Column)} as sealed_text from {new SqlPart(Table)} where {new SqlPart(Column)} is not null limit 1",
            row => new[] { string.Join(':', KeyOf(row)), row.Text("sealed_text") })
            is not [var name, var text] || masterKey.Opens(text, Identity(name));

    private SqlPart Named => new(string.Join(", ", Key));

    private string[] KeyOf(Row row) => [.. Key.Select(row.Text)];

    private SqlPart IsRow(string[] key) =>
        Key.Zip(key).Aggregate(new SqlPart("true"), (where, part) => where.And($"{new SqlPart(part.First)} = {part.Second}"));
}
