using System.Security.Cryptography;
using WgHub.Hosting;

namespace WgHub.Storage;

/// <summary>A column whose texts are sealed by the master key, each to its own row: a text that is moved to another row does not open there.</summary>
/// <param name="Key">The column that names the row.</param>
/// <param name="Identity">What a text is sealed to, made of the row's key.</param>
internal sealed record SealedColumn(string Table, string Column, string Key, Func<string, string> Identity)
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

    /// <summary>Puts all rows under another master key, inside the caller's transaction.</summary>
    /// <returns>Number of rows.</returns>
    /// <exception cref="StorageException">A text does not open under <paramref name="from"/>.</exception>
    public int Reseal(Tx tx, MasterKey from, MasterKey to)
    {
        var (table, column, key) = (new SqlPart(Table), new SqlPart(Column), new SqlPart(Key));
        var rows = tx.Query($"select {key} as row_key, {column} as sealed_text from {table} where {column} is not null", row => (Key: row.Text("row_key"), Text: row.Text("sealed_text")));
        foreach (var row in rows)
        {
            var text = Seal(to, row.Key, Open(from, row.Key, row.Text));
            tx.Execute($"update {table} set {column} = {text} where {key} = {row.Key}");
        }

        return rows.Count;
    }

    /// <summary>False when the column holds a text that <paramref name="masterKey"/> does not open; one is tried.</summary>
    public bool IsOpenedBy(Tx tx, MasterKey masterKey) =>
        tx.First($"select {new SqlPart(Key)} as row_key, {new SqlPart(Column)} as sealed_text from {new SqlPart(Table)} where {new SqlPart(Column)} is not null limit 1", row => new[] { row.Text("row_key"), row.Text("sealed_text") })
            is not [var key, var text] || masterKey.Opens(text, Identity(key));
}
