using System.Runtime.InteropServices;

namespace WgHub.Hosting;

/// <summary>How many files, connections and pipes this process may have open at once.</summary>
internal static unsafe partial class OpenFiles
{
    private const int OpenFilesOnLinux = 7; // RLIMIT_NOFILE of getrlimit(2)

    /// <returns>What the system allows: .NET has raised its own limit to that when it started. Null where there is no such limit.</returns>
    public static ulong? Most()
    {
        var limit = default(Limit);
        return OperatingSystem.IsLinux() && getrlimit(OpenFilesOnLinux, &limit) == 0 && limit.Current != ulong.MaxValue ? limit.Current : null;
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int getrlimit(int resource, Limit* limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Current;
        public ulong Hard;
    }
}
