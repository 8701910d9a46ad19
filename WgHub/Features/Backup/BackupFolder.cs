using Microsoft.Extensions.Options;
using WgHub.Storage;

namespace WgHub.Features.Backup;

/// <param name="Id">The name of its file, without the end.</param>
/// <param name="Size">In bytes.</param>
internal sealed record StoredBackup(string Id, DateTimeOffset MadeAt, long Size);

/// <summary>The backups that the hub keeps. What bears a name of ours is whole: others are drafts.</summary>
internal sealed class BackupFolder(DataDirectory data, IOptions<BackupOptions> options)
{
    private const string Prefix = "wghub-";
    private const string End = ".age";

    private string Directory => Path.GetFullPath(Path.Combine(data.Directory, options.Value.Directory));

    /// <summary>The newest first. A folder that cannot be read is told by whoever makes the next one, and has none.</summary>
    public IReadOnlyList<StoredBackup> List()
    {
        try
        {
            return new DirectoryInfo(Directory) is { Exists: true } folder
                ? [.. folder.EnumerateFiles($"{Prefix}*{End}").Select(Read).OfType<StoredBackup>().OrderByDescending(backup => backup.MadeAt)]
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Where the next one goes.</summary>
    public (string Id, string File) Next(DateTimeOffset now)
    {
        System.IO.Directory.CreateDirectory(Directory);
        var id = Prefix + FileStamp.Of(now);
        return (id, FileOf(id));
    }

    /// <exception cref="Web.AppException">NOT_FOUND: only what <see cref="List"/> has is there.</exception>
    public string FileOfStored(string id) => List().Any(backup => backup.Id == id) ? FileOf(id) : throw BackupErrors.NotFound();

    /// <summary>Takes the oldest away, until as many are left as are to be kept, and what a process that was killed has left.</summary>
    /// <param name="made">Stays, whatever the clock says of the others.</param>
    public void Prune(string made)
    {
        foreach (var old in List().Where(backup => backup.Id != made).Skip(options.Value.Keep - 1))
        {
            File.Delete(FileOf(old.Id));
        }

        foreach (var draft in System.IO.Directory.EnumerateFiles(Directory, $"{Prefix}*{End}.*.draft"))
        {
            File.Delete(draft); // one is made at a time
        }
    }

    private string FileOf(string id) => Path.Combine(Directory, id + End);

    private static StoredBackup? Read(FileInfo file) =>
        FileStamp.TryParse(file.Name[Prefix.Length..^End.Length], out var madeAt) ? new(file.Name[..^End.Length], madeAt, file.Length) : null;
}
