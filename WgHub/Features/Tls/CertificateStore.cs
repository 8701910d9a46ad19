using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Tls;

/// <summary>A certificate as it is kept.</summary>
/// <param name="Chain">PEM, the certificate first; empty for a key alone.</param>
/// <param name="Key">PKCS #8 in PEM.</param>
internal sealed record StoredCertificate(string Chain, Secret Key, DateTimeOffset CreatedAt);

/// <summary>The certificates that the hub made or fetched itself, with their keys under the master key. A file's stay where they are.</summary>
internal sealed class CertificateStore(Database database, MasterKey masterKey)
{
    /// <exception cref="StorageException">The master key does not open the key.</exception>
    public StoredCertificate? Find(string name) => database.Read(tx => Find(tx, name));

    public StoredCertificate? Find(Tx tx, string name) =>
        tx.First(
            $"select chain, sealed_key, created_at from certificates where name = {name}",
            row =>
                new StoredCertificate(row.Text("chain"), SealedColumns.CertificateKey.Open(masterKey, name, row.Text("sealed_key")), row.Time("created_at")));

    /// <summary>Keeps it in place of an earlier one of that name.</summary>
    public void Save(Tx tx, string name, string chain, Secret key)
    {
        Remove(tx, name);
        tx.Execute(
            $"""
            insert into certificates (name, chain, sealed_key, created_at)
            values ({name}, {chain}, {SealedColumns.CertificateKey.Seal(masterKey, name, key)}, {tx.Now})
            """);
    }

    public void Remove(Tx tx, string name) => tx.Execute($"delete from certificates where name = {name}");
}
