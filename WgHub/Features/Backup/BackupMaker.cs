using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WgHub.Features.Audit;
using WgHub.Features.Backup.Age;
using WgHub.Features.Spokes;
using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Backup;

/// <summary>Makes a backup of the data directory while it is in use: the database at one moment, its master key, the settings file.</summary>
/// <param name="key">In effect, wherever it comes from.</param>
internal sealed class BackupMaker(DataDirectory data, Database database, MasterKey key, TimeProvider time)
{
    /// <summary>Into a file: there it is whole, or as it was before.</summary>
    /// <param name="settingsFile">The one in use; it need not be there.</param>
    /// <exception cref="StorageException">The disk is full, or the like. Nothing is left of it.</exception>
    public BackupMade MakeFile(string file, IReadOnlyList<AgeRecipient> recipients, string settingsFile, CancellationToken cancellationToken)
    {
        var draft = $"{file}.{Guid.NewGuid():N}.draft";
        try
        {
            BackupMade made;
            using (var stream = PrivateFiles.Create(draft))
            {
                made = Make(stream, recipients, settingsFile, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, file, overwrite: true);
            PrivateFiles.SyncFolderOf(file);
            return made;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw BackupErrors.Unwritable(exception);
        }
        finally
        {
            if (File.Exists(draft))
            {
                File.Delete(draft);
            }
        }
    }

    /// <inheritdoc cref="MakeFile"/>
    public BackupMade Make(Stream to, IReadOnlyList<AgeRecipient> recipients, string settingsFile, CancellationToken cancellationToken)
    {
        using var scratch = new ScratchFolder(data, time);
        var manifest = Stage(scratch.Path, settingsFile);
        using var counting = new HashingStream(to);
        BackupArchive.Write(counting, recipients, manifest, scratch.Path, cancellationToken);
        return new(manifest, counting.Count, counting.Sha256);
    }

    /// <summary>In the audit log, inside the caller's transaction.</summary>
    public static void Remember(Tx tx, BackupMade made) => tx.Audit(
        AuditEvents.BackupMade, Subject.One(tx.OwnHub.Value),
        ("bytes", made.Size.ToString(CultureInfo.InvariantCulture)),
        ("sha256", made.Sha256),
        ("spokes", made.Manifest.Spokes.ToString(CultureInfo.InvariantCulture)));

    private BackupManifest Stage(string folder, string settingsFile)
    {
        var copy = Path.Combine(folder, BackupArchive.Database);
        database.CopyTo(copy);
        using (var file = PrivateFiles.Create(Path.Combine(folder, BackupArchive.MasterKey)))
        {
            file.Write(Encoding.ASCII.GetBytes($"{key.Text.Reveal()}\n"));
        }

        if (File.Exists(settingsFile))
        {
            File.Copy(settingsFile, Path.Combine(folder, BackupArchive.Settings));
        }

        var parts = new DirectoryInfo(folder).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Select(PartOf).ToList();
        return DatabaseCopy.Read(copy, hasLog: false, time, tx => DatabaseKey.Fits(tx, key)
            ? new BackupManifest(
                BackupManifest.NewestFormat, BuildInfo.Version, tx.Now, tx.InstallationId, DatabaseCopy.SchemaOf(tx), SpokeStore.CountAll(tx), parts)
            : throw new StorageException("The master key was exchanged while the backup was made. Make it again."));
    }

    private static BackupPart PartOf(FileInfo file)
    {
        using var stream = file.OpenRead();
        return new(file.Name, file.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
