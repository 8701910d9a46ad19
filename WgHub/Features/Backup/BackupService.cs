using Microsoft.Extensions.Options;
using WgHub.Features.Audit;
using WgHub.Features.Backup.Age;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Backup;

/// <summary>Makes the backups that the hub keeps, one at a time.</summary>
internal sealed partial class BackupService(
    BackupMaker maker, BackupFolder folder, BackupState state, Database database, ServerStart start,
    IOptions<BackupOptions> options, ILogger<BackupService> logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Answers when it is on the disk. What is run after it comes later.</summary>
    /// <exception cref="AppException">Nobody has said for whom.</exception>
    /// <exception cref="StorageException">It could not be made; nothing of it is left, and it is told on the dashboard.</exception>
    public async Task<(StoredBackup Stored, BackupMade Made)> MakeAsync(Actor by, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var recipients = Configured(settings => settings.Recipients()) is { Count: > 0 } some ? some : throw BackupErrors.NoRecipient();
            var now = start.Time.GetUtcNow();
            var (id, file) = folder.Next(now);
            var made = await Task.Run(() => maker.MakeFile(file, recipients, start.SettingsFile, cancellationToken), cancellationToken);
            state.Succeeded(file);
            await FollowAsync(by, id, made);
            return (new(id, now, made.Size), made);
        }
        catch (Exception exception) when (exception is StorageException or IOException or UnauthorizedAccessException)
        {
            var told = exception as StorageException ?? BackupErrors.Unwritable(exception);
            LogFailed(told.Message, exception.InnerException);
            if (state.Failed(start.Time.GetUtcNow(), told.Message))
            {
                await database.WriteAsync(
                    by, tx => tx.Audit(AuditEvents.BackupFailed, Subject.One(tx.OwnHub.Value), ("reason", told.Message)), CancellationToken.None);
            }

            throw told;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <param name="identity">Null to take the passphrase that the hub has.</param>
    /// <exception cref="AppException">There is no such backup, or nothing that opens it.</exception>
    /// <exception cref="StorageException">It is not what it should be.</exception>
    public async Task<BackupManifest> VerifyAsync(string id, AgeIdentity? identity, CancellationToken cancellationToken)
    {
        var file = folder.FileOfStored(id);
        identity ??= Configured(settings => settings.Identity()) ?? throw BackupErrors.NothingOpens();
        return await Task.Run(
            async () =>
            {
                using var scratch = new ScratchFolder(start.Data, start.Time);
                await using var from = File.OpenRead(file);
                using var age = BackupReader.TryOpen(from, identity) ?? throw BackupErrors.DoesNotOpen(identity is AgeX25519Identity);
                return await BackupReader.ReadAsync(age, new(scratch.Path), start.Time, null, cancellationToken);
            },
            cancellationToken);
    }

    public void Dispose() => _one.Dispose();

    /// <summary>The backup is there and good; whoever asked for it may be gone.</summary>
    private async Task FollowAsync(Actor by, string id, BackupMade made)
    {
        try
        {
            await database.WriteAsync(by, tx => BackupMaker.Remember(tx, made), CancellationToken.None);
            folder.Prune(id);
        }
        catch (Exception exception) when (exception is StorageException or IOException or UnauthorizedAccessException)
        {
            LogNotFollowed(exception.Message);
        }
    }

    /// <summary>Reads keys that the settings name: their file may have gone since the start.</summary>
    private T Configured<T>(Func<BackupOptions, T> read)
    {
        try
        {
            return read(options.Value);
        }
        catch (InvalidDataException exception)
        {
            throw new StorageException(exception.Message, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, EventName = "backup_failed", Message = "{Reason}")]
    private partial void LogFailed(string reason, Exception? exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A backup was made, and not all that follows it was done: {Reason}")]
    private partial void LogNotFollowed(string reason);
}
