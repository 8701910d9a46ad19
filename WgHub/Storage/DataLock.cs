using WgHub.Hosting;

namespace WgHub.Storage;

/// <summary>
/// Held by the one process that serves a data directory or exchanges its master key. The system frees it when that process ends, however it
/// ends.
/// </summary>
internal sealed class DataLock : IDisposable
{
    private const int HeldOnLinux = 11; // EWOULDBLOCK of flock(2)
    private const int HeldOnMac = 35;
    private const int HeldOnWindows = unchecked((int)0x80070020); // ERROR_SHARING_VIOLATION

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    /// <exception cref="StorageException">Another process holds it.</exception>
    public DataLock(DataDirectory data)
        : this(data, Open(data, Patience) ?? throw new StorageException($"A hub runs on this data directory already{HolderOf(data)}. Stop it first."))
    {
    }

    /// <summary>Whoever holds it first brings to its end what a restore has decided.</summary>
    private DataLock(DataDirectory data, FileStream file)
    {
        _file = file;
        try
        {
            DataSwap.Finish(data);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _file.Dispose();
            throw new StorageException($"A restore was cut short and cannot be brought to its end: {exception.Message}", exception);
        }
    }

    /// <returns>Null when another process holds it, and not for a moment only.</returns>
    public static DataLock? TryTake(DataDirectory data)
    {
        var file = Open(data, ShortPatience);
        return file is null ? null : new(data, file);
    }

    /// <summary>True when another process has it, and not for a moment only. Linux tells it; elsewhere nobody knows.</summary>
    public static bool IsHeldElsewhere(DataDirectory data) =>
        !SpinWait.SpinUntil(() => Holder(data) is not { } holder || holder == $"{Environment.ProcessId}", Patience);

    /// <summary>The process that serves a data directory, this one too; 0 for one that cannot be named from here. Null for none.</summary>
    public static int? ServedBy(DataDirectory data) => Holder(data) is not { } holder ? null
        : int.TryParse(holder, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var process) ? process : 0;

    /// <summary>Its process id, as Linux tells it; empty where it does not.</summary>
    private static string HolderOf(DataDirectory data) => Holder(data) is { } holder and not ("0" or "-1") ? $" (process {holder})" : "";

    /// <summary>The process id of whoever has it; 0 or -1 for one in another process namespace; null for nobody, and where it is not known.</summary>
    private static string? Holder(DataDirectory data)
    {
        const string Locks = "/proc/locks"; // 1: FLOCK ADVISORY WRITE 4711 08:01:131091 0 EOF
        var number = FileStatus.Of(data.LockFile)?.Number;
        var holder = number is null || !File.Exists(Locks) ? null : File.ReadLines(Locks)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(columns => columns is [_, "FLOCK", _, "WRITE", _, var file, ..] && file.EndsWith($":{number}", StringComparison.Ordinal));
        return holder?[4];
    }

    /// <summary>Waits: whoever looks after a log holds it for some milliseconds.</summary>
    private static FileStream? Open(DataDirectory data, TimeSpan patience)
    {
        FileStream? file = null;
        SpinWait.SpinUntil(() => (file = TryOpen(data)) is not null, patience);
        return file;
    }

    private static FileStream? TryOpen(DataDirectory data)
    {
        try
        {
            var isNew = !File.Exists(data.LockFile);
            var file = new FileStream(data.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (isNew)
            {
                Privileges.GiveToOwnerOfFolder(data.LockFile);
            }

            return file;
        }
        catch (IOException exception) when (exception.HResult is HeldOnLinux or HeldOnMac or HeldOnWindows)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
