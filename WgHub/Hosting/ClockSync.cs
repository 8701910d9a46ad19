using System.Runtime.InteropServices;

namespace WgHub.Hosting;

/// <summary>Whether somebody sets this machine's clock by others; see adjtimex(2).</summary>
internal static unsafe partial class ClockSync
{
    private const int Unsynchronized = 5; // TIME_ERROR
    private const int StructureBytes = 256; // struct timex has 208

    /// <returns>Null where the kernel does not tell. In a container the clock is its host's.</returns>
    public static bool? IsSet()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var nothingToChange = stackalloc byte[StructureBytes];
        new Span<byte>(nothingToChange, StructureBytes).Clear();
        return adjtimex(nothingToChange) is var state && state < 0 ? null : state != Unsynchronized;
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int adjtimex(byte* settings);
}
