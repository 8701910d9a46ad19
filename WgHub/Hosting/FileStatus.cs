using System.Runtime.InteropServices;

namespace WgHub.Hosting;

/// <summary>What Linux knows of a file, and .NET does not tell; see statx(2).</summary>
internal static unsafe partial class FileStatus
{
    private const int CurrentDirectory = -100;     // AT_FDCWD
    private const uint OwnerGroupAndNumber = 0x118; // STATX_UID | STATX_GID | STATX_INO
    private const uint TypeAlone = 0x1;             // STATX_TYPE
    private const int TypeBits = 0xf000;            // S_IFMT
    private const int Regular = 0x8000;             // S_IFREG

    /// <returns>Owner, group and the file's number (inode); null when it is not there, or this is no Linux.</returns>
    public static (uint Owner, uint Group, ulong Number)? Of(string path)
    {
        var found = default(Statx);
        return OperatingSystem.IsLinux() && statx(CurrentDirectory, path, 0, OwnerGroupAndNumber, &found) == 0
            ? (found.Owner, found.Group, found.Number)
            : null;
    }

    /// <summary>True for what is there and is no file: a folder, a device, a pipe, a socket. Links are followed.</summary>
    public static bool IsNoFile(string path)
    {
        var found = default(Statx);
        return OperatingSystem.IsLinux() && statx(CurrentDirectory, path, 0, TypeAlone, &found) == 0 && (found.Mode & TypeBits) != Regular;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int statx(int directory, string path, int flags, uint mask, Statx* found);

    /// <summary>The same on every machine; only what is read here has a name.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(20)]
        public uint Owner;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Number;
    }
}
