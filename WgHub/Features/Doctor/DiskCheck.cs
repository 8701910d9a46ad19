using WgHub.Hosting;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Doctor;

/// <summary>Room for the data.</summary>
internal sealed class DiskCheck(DataDirectory data) : Check
{
    private const ulong Mebibyte = 1024 * 1024;

    /// <summary>The log of the database alone may take so much.</summary>
    private const ulong TooFew = 32 * Mebibyte;

    private const ulong TooFewFiles = 100;

    public override string Name => "disk";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken)
    {
        var folder = data.Directory;
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } above)
        {
            folder = above;
        }

        return Task.FromResult<IReadOnlyList<DoctorFinding>>(
            DiskSpace.Of(folder) is { } space ? Or([.. Found(space)], $"{DataSize.Of((long)space.FreeBytes)} are free for {data.Directory}.") : []);
    }

    private IEnumerable<DoctorFinding> Found(DiskSpace space)
    {
        var way = $"du -xh --max-depth=1 {data.Directory} tells what takes the room. Old backups may go; docs/backup.md.";
        if (space.IsReadOnly)
        {
            yield return Failure(
                "DISK_READ_ONLY", $"The file system of {data.Directory} cannot be written.",
                $"mount -o remount,rw \"$(findmnt -no TARGET --target {data.Directory})\"");
        }

        if (space.FreeBytes < TooFew)
        {
            yield return Failure("DISK_FULL", $"Only {DataSize.Of((long)space.FreeBytes)} are free for {data.Directory}: soon nothing can be changed.", way);
        }
        else if (space.FreeBytes < space.LowBytes)
        {
            yield return Warning(
                "DISK_LOW", $"Only {DataSize.Of((long)space.FreeBytes)} of {DataSize.Of((long)space.Bytes)} are free for {data.Directory}.",
                way);
        }

        if (space.Files > 0 && space.FreeFiles < TooFewFiles)
        {
            yield return Failure("INODES_FEW", $"The file system of {data.Directory} takes only {space.FreeFiles} files more (inodes).", way);
        }
    }
}
