using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Backup;

/// <summary>Refusals about backups.</summary>
internal static class BackupErrors
{
    private const int NoSpace = 28; // ENOSPC
    private const int OverQuota = 122; // EDQUOT

    public static AppException NotFound() => WebErrors.NotFound("backup");

    public static AppException NoRecipient() => WebErrors.Malformed(
        "Nobody has said yet whom backups are encrypted for: set Backup:Recipient ('wghub backup keygen' makes a key) or Backup:PassphraseFile.");

    public static AppException NothingOpens() => WebErrors.Invalid(
        "identity", "What opens it? Give the secret key in 'identity' or the passphrase in 'passphrase', or use 'wghub backup verify' where that is.");

    /// <summary>What the disk said, without a path: callers see it.</summary>
    public static StorageException Unwritable(Exception exception) => new(
        (exception.HResult & 0xffff) is NoSpace or OverQuota ? "The backup could not be written: the disk is full."
            : exception is UnauthorizedAccessException ? "The backup could not be written: its folder is not for this user."
            : exception is DirectoryNotFoundException ? "The backup could not be written: there is no such folder."
            : "The backup could not be written: the disk gave an error.",
        exception);
}
