using System.Runtime.InteropServices;

namespace WgHub.Hosting;

/// <summary>Who this process is to the kernel.</summary>
internal static unsafe partial class Privileges
{
    /// <summary>
    /// A command that root runs beside a hub with a user of its own becomes that user: what it writes, the hub can read.
    /// For good: there is no way back for this process.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">The kernel refused.</exception>
    public static void BecomeOwnerOf(string directory)
    {
        if (!Environment.IsPrivilegedProcess || FileStatus.Of(directory) is not { Owner: > 0 } found)
        {
            return;
        }

        // The C library carries each of them to all threads.
        if (setgroups(0, null) != 0 || setresgid(found.Group, found.Group, found.Group) != 0 || setresuid(found.Owner, found.Owner, found.Owner) != 0)
        {
            throw new UnauthorizedAccessException($"This command could not become the owner of {directory}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    /// <summary>What root makes in the folder of a hub with a user of its own becomes that user's.</summary>
    public static void GiveToOwnerOfFolder(string file)
    {
        if (Environment.IsPrivilegedProcess && FileStatus.Of(Path.GetDirectoryName(file)!) is { Owner: > 0 } found)
        {
            _ = lchown(file, found.Owner, found.Group);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int lchown(string path, uint owner, uint group);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int setgroups(nint count, uint* groups);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int setresuid(uint real, uint effective, uint saved);
}
