using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using WgHub.Hosting;

namespace WgHub.Storage;

/// <summary>
/// Loads the SQLite that is embedded in the binary. On Linux it never touches a disk: it is loaded from a sealed memory
/// file (memfd_create(2)), so the hub starts without a writable, executable or even existing home directory.
/// </summary>
internal static unsafe partial class SqliteNative
{
    private const uint CloseOnExec = 1;
    private const uint AllowSealing = 2;
    private const int AddSeals = 1033;
    private const int SealAll = 0xf;
    private const int HasMovedControl = 20;

    private static readonly Lazy<nint> Library = new(OperatingSystem.IsWindows() ? MapFile : MapMemory);

    private static int _loaded;

    /// <summary>To be called before the first connection; further calls do nothing.</summary>
    public static void Load()
    {
        if (Interlocked.Exchange(ref _loaded, 1) != 0)
        {
            return;
        }

        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            (name, _, _) => name == "e_sqlite3" ? Library.Value : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
    }

    /// <summary>True when the file that a connection has open is no longer the one at its path (SQLITE_FCNTL_HAS_MOVED).</summary>
    public static bool HasMoved(SqliteConnection connection)
    {
        var control = (delegate* unmanaged<nint, byte*, int, void*, int>)NativeLibrary.GetExport(Library.Value, "sqlite3_file_control");
        var handle = connection.Handle!;
        var hasMoved = stackalloc int[1];
        var result = control(handle.DangerousGetHandle(), null, HasMovedControl, hasMoved);
        GC.KeepAlive(handle);
        return result == raw.SQLITE_OK && *hasMoved != 0;
    }

    private static nint MapMemory()
    {
        using var image = EmbeddedFiles.Open("native/e_sqlite3");
        var file = memfd_create("e_sqlite3", CloseOnExec | AllowSealing);
        if (file < 0)
        {
            throw Failure("memfd_create");
        }

        try
        {
            WriteWhole(file, image.PositionPointer, (nint)image.Length);
            _ = fcntl(file, AddSeals, SealAll);
            return NativeLibrary.Load($"/proc/self/fd/{file}");
        }
        finally
        {
            _ = close(file);
        }
    }

    private static void WriteWhole(int file, byte* bytes, nint count)
    {
        while (count > 0)
        {
            var written = write(file, bytes, count);
            if (written <= 0)
            {
                throw Failure("write to the memory file");
            }

            bytes += written;
            count -= written;
        }
    }

    /// <summary>
    /// Windows maps libraries from files only. The folder is named by the content and belongs to the user; a file in it
    /// that does not hold our very bytes is replaced, never loaded.
    /// </summary>
    private static nint MapFile()
    {
        using var image = EmbeddedFiles.Open("native/e_sqlite3");
        var bytes = new byte[image.Length];
        image.ReadExactly(bytes);

        var folder = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
            "wghub",
            Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8)));
        var path = Path.Combine(folder, "e_sqlite3.dll");
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
        {
            Directory.CreateDirectory(folder);
            var temporary = $"{path}.{Environment.ProcessId}";
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }

        return NativeLibrary.Load(path);
    }

    private static IOException Failure(string what) => new($"SQLite cannot be loaded: {what}: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint write(int file, byte* bytes, nint count);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int fcntl(int file, int command, int argument);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int close(int file);
}
