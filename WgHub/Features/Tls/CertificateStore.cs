using Microsoft.Data.Sqlite;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Tls;

/// <summary>A certificate as it is kept.</summary>
/// <param name="Chain">PEM, the certificate first; empty for a key alone.</param>
/// <param name="Key">PKCS #8 in PEM.</param>
internal sealed record StoredCertificate(string Chain, Secret Key, DateTimeOffset CreatedAt);

/// <summary>The certificates that the hub made or fetched itself, with their keys under the master key. A file's stay where they are.</summary>
internal sealed class CertificateStore(Database database, MasterKey masterKey, TimeProvider time)
{
    /// <exception cref="StorageException">The master key does not open the key.</exception>
    public StoredCertificate? Find(string name) => database.Read(db => Find(db, name));

    public StoredCertificate? Find(SqliteConnection db, string name) =>
        db.First($"select chain, sealed_key, created_at from certificates where name = {name}", row => new StoredCertificate(row.GetString(0), SealedColumns.CertificateKey.Open(masterKey, name, row.GetString(1)), row.Time(2)));

    /// <summary>Keeps it in place of an earlier one of that name.</summary>
    public void Save(SqliteConnection db, string name, string chain, Secret key)
    {
        Remove(db, name);
        db.Execute(
            $"""
            insert into certificates (name, chain, sealed_key, created_at)
            values ({name}, {chain}, {SealedColumns.CertificateKey.Seal(masterKey, name, key)}, {time.GetUtcNow().ToUnixTimeMilliseconds()})
            """);
    }

    public void Remove(SqliteConnection db, string name) => db.Execute($"delete from certificates where name = {name}");
}
