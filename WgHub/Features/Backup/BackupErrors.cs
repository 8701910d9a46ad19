using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Backup;

/// <summary>Refusals about backups.</summary>
internal static class BackupErrors
{
    private const int NoSpace = 28; // ENOSPC
    private const int OverQuota = 122; // EDQUOT
    private const int ReadOnly = 30; // EROFS

    public static AppException NotFound() => WebErrors.NotFound("backup");

    public static AppException NoRecipient() => WebErrors.Malformed(
        "Nobody has said yet whom backups are encrypted for: set Backup:Recipient ('wghub backup keygen' makes a key) or Backup:PassphraseFile.");

    public static AppException NothingOpens() => WebErrors.Invalid(
        "identity", "What opens it? Give the secret key in 'identity' or the passphrase in 'passphrase', or use 'wghub backup verify' where that is.");

    /// <param name="isKey">True for a secret key, false for a passphrase.</param>
    public static AppException DoesNotOpen(bool isKey) => WebErrors.Invalid(isKey ? "identity" : "passphrase", WrongKey(isKey));

    /// <inheritdoc cref="DoesNotOpen"/>
    public static string WrongKey(bool isKey) => isKey ? "The backup is not for this identity." : "The passphrase does not open this backup.";

    public static StorageException Unwritable(Exception exception) => Failed("written", exception);

    /// <summary>What the disk said, without a path: callers see it.</summary>
    /// <param name="what">What could not be done to the backup.</param>
    public static StorageException Failed(string what, Exception exception) => new(
        $"The backup could not be {what}: " + (exception.HResult & 0xffff) switch
        {
            NoSpace or OverQuota => "the disk is full.",
            ReadOnly => "its disk is read-only here. Under systemd a folder outside the data directory needs ReadWritePaths=.",
            _ => exception is UnauthorizedAccessException ? "its folder is not for this user."
                : exception is DirectoryNotFoundException ? "there is no such folder."
                : "the disk gave an error.",
        },
        exception);
}
