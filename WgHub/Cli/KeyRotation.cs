using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Cli;

/// <summary>
/// Exchanges the master key. The new key is on the disk before the database needs it, and takes the place of the old one after: wherever
/// it is cut short, a key that opens the database lies in <c>master.key</c> or <c>master.key.next</c>, and the next start finds it.
/// </summary>
/// <param name="isHeld">Keeps a hub from serving meanwhile.</param>
internal sealed class KeyRotation(DataDirectory data, DataLock isHeld, Database database, MasterKey current)
{
    /// <returns>What to tell the administrator.</returns>
    /// <exception cref="UsageException">A file was named and is not wanted, or the other way round.</exception>
    /// <exception cref="StorageException">A secret does not open; nothing was changed.</exception>
    public async Task<string> RotateAsync(string? newKeyFile, CancellationToken cancellationToken)
    {
        if (current.IsFromOutside != newKeyFile is not null)
        {
            throw new UsageException(current.IsFromOutside
                ? $"The master key comes from {current.Source}. Make a new one, such as with 'openssl rand -base64 32', and name its file with --new-key-file."
                : "--new-key-file is for a hub that is given its key from outside; this one keeps it in master.key and makes the new one itself.");
        }

        GC.KeepAlive(isHeld);
        DatabaseKey.Settle(data, current);
        using var next = newKeyFile is null ? MakeNext() : MasterKey.FromFile(newKeyFile);
        var secrets = await ExchangeAsync(next, cancellationToken);
        DatabaseKey.Settle(data, next);
        DatabaseKey.WipeOldTexts(data);
        return newKeyFile is null
            ? $"{secrets} secrets are under a new master key, which is in master.key. The old one opens copies of the database from before, and nothing else."
            : $"{secrets} secrets are under the new master key. Before you start the hub, put the key of {newKeyFile} where it gets its key from: {current.Source}.";
    }

    private MasterKey MakeNext()
    {
        File.Delete(data.NextMasterKeyFile); // of a run that was cut short before the database knew of it
        MasterKey.Make(data.NextMasterKeyFile);
        return MasterKey.FromFile(data.NextMasterKeyFile);
    }

    private Task<int> ExchangeAsync(MasterKey next, CancellationToken cancellationToken) => database.WriteAsync(
        Actor.Cli,
        tx =>
        {
            var secrets = DatabaseKey.Exchange(tx, current, next);
            tx.Audit(AuditEvents.MasterKeyRotated, Subject.One(database.InstallationId), ("secrets", $"{secrets}"));
            return secrets;
        },
        cancellationToken);
}
