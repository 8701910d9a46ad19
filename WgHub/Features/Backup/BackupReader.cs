using WgHub.Features.Audit;
using WgHub.Features.Backup.Age;
using WgHub.Features.Spokes;
using WgHub.Storage;

namespace WgHub.Features.Backup;

/// <summary>Takes a backup apart into a directory of its own and opens it as a hub would.</summary>
internal static class BackupReader
{
    /// <param name="from">Stays open.</param>
    /// <returns>Null when the backup is not for this identity.</returns>
    /// <exception cref="StorageException">It is none, or a damaged one.</exception>
    public static AgeReader? TryOpen(Stream from, AgeIdentity identity)
    {
        try
        {
            return AgeReader.Open(from, identity);
        }
        catch (InvalidDataException exception)
        {
            throw new StorageException(exception.Message, exception);
        }
    }

    /// <exception cref="StorageException">It is not for this identity, damaged, cut off, or of a newer wghub.</exception>
    /// <inheritdoc cref="ReadAsync(AgeReader, DataDirectory, TimeProvider, Action{Tx, BackupManifest}?, CancellationToken)"/>
    public static async Task<BackupManifest> ReadAsync(
        Stream from, AgeIdentity identity, DataDirectory into, TimeProvider time, Action<Tx, BackupManifest>? change, CancellationToken cancellationToken)
    {
        using var age = TryOpen(from, identity) ?? throw new StorageException(BackupErrors.WrongKey(identity is AgeX25519Identity));
        return await ReadAsync(age, into, time, change, cancellationToken);
    }

    /// <summary>Nothing but a whole backup comes through: the database sound, its key the right one, all spokes there, the audit log unbroken.</summary>
    /// <param name="into">An empty directory; what lies in it after a refusal is nothing.</param>
    /// <param name="change">A last change of the database; null for none.</param>
    /// <exception cref="StorageException">It is damaged, cut off, or of a newer wghub.</exception>
    public static async Task<BackupManifest> ReadAsync(
        AgeReader age, DataDirectory into, TimeProvider time, Action<Tx, BackupManifest>? change, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = BackupArchive.Extract(age, into.Directory, cancellationToken);
            using (var database = new Database(into, time)) // an older schema is brought forward
            {
                using var key = DatabaseKey.OpenByFile(into, database);
                Check(database, manifest);
                if (change is not null)
                {
                    await database.WriteAsync(Actor.Cli, tx => change(tx, manifest), cancellationToken);
                }
            }

            foreach (var file in Directory.EnumerateFiles(into.Directory, "wghub-schema*.db"))
            {
                File.Delete(file); // the copy before that: the backup is one
            }

            return manifest;
        }
        catch (InvalidDataException exception)
        {
            throw new StorageException(exception.Message, exception);
        }
        catch (IOException exception)
        {
            throw BackupErrors.Failed("taken apart", exception);
        }
    }

    private static void Check(Database database, BackupManifest manifest)
    {
        var (spokes, log) = database.Read(tx => (SpokeStore.CountAll(tx), AuditChain.Verify(tx, null)));
        if (spokes != manifest.Spokes || database.InstallationId != manifest.Installation)
        {
            throw new StorageException($"The backup says that it is of {manifest.Spokes} spokes, and holds {spokes}.");
        }

        if (log.Fault is { } fault)
        {
            throw new StorageException($"The audit log in the backup is not what it was: {fault}");
        }
    }
}
