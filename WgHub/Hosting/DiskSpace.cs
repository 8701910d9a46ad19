using System.Runtime.InteropServices;

namespace WgHub.Hosting;

/// <summary>What a file system has left for this user; see statvfs(3).</summary>
/// <param name="FreeFiles">How many more files there can be.</param>
/// <param name="Files">How many there can be at all; 0 where that is not limited.</param>
internal sealed unsafe partial record DiskSpace(ulong FreeBytes, ulong Bytes, ulong FreeFiles, ulong Files, bool IsReadOnly)
{
    private const ulong Gibibyte = 1024 * 1024 * 1024;

    private const int Words = 32;      // the structure has 11 words and some reserve
    private const ulong ReadOnly = 1;  // ST_RDONLY

    /// <summary>Less than this is little: a tenth, and a gibibyte of a large one.</summary>
    public ulong LowBytes => Math.Min(Gibibyte, Bytes / 10);

    /// <returns>Null where it is not known.</returns>
    public static DiskSpace? Of(string folder)
    {
        // Of 64-bit systems, glibc and musl alike: words up to the flags.
        var found = stackalloc ulong[Words];
        return OperatingSystem.IsLinux() && Environment.Is64BitProcess && statvfs(folder, found) == 0
            ? new(found[4] * found[1], found[2] * found[1], found[7], found[5], (found[9] & ReadOnly) != 0)
            : null;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int statvfs(string path, ulong* found);
}
