using System.Runtime.InteropServices;

namespace WgHub.Hosting;

internal static partial class PrivateFiles
{
    private const uint OwnerOnly = 0b000_111_111; // 077

    /// <summary>All that a group or others may do with a file.</summary>
    public const UnixFileMode Others = (UnixFileMode)OwnerOnly;

    /// <returns>A sentence for the log when somebody else than its owner may get at a file or folder; null when not, and when it is not there.</returns>
    public static string? WarningOf(string path) => OpennessOf(path) is var (what, way) ? $"{what} Run: {way}" : null;

    /// <returns>The same, and the command that mends it apart.</returns>
    public static (string What, string Way)? OpennessOf(string path)
    {
        if (OperatingSystem.IsWindows() || !Path.Exists(path) || (File.GetUnixFileMode(path) & Others) is var open && open == 0)
        {
            return null;
        }

        var may = (open & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0 ? "read" : "changed";
        return ($"{path} can be {may} by others than its owner.", $"chmod {(Directory.Exists(path) ? 700 : 600)} {path}");
    }

    /// <summary>Whatever this process makes is for its owner alone, whichever library makes it; see umask(2).</summary>
    public static void Enforce()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetMask(OwnerOnly);
        }
    }

    /// <summary>A new file for its owner alone, whatever this process was told of others.</summary>
    /// <exception cref="IOException">There is one.</exception>
    public static FileStream Create(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(file, options);
    }

    /// <summary>A new folder for its owner alone.</summary>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>For what is to be others' too, such as a program or a unit: whatever this process was told of them.</summary>
    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    /// <summary>Makes the names in a file's folder durable: after a rename, fsync of the file alone does not (fsync(2)).</summary>
    public static void SyncFolderOf(string file)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = OpenFile(Path.GetDirectoryName(Path.GetFullPath(file))!, 0);
        if (folder >= 0)
        {
            _ = Sync(folder);
            _ = CloseFile(folder);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseFile(int file);

    [LibraryImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint SetMask(uint mask);
}
