using System.Runtime.InteropServices;

namespace WgHub.Hosting;

internal static partial class PrivateFiles
{
    private const uint OwnerOnly = 0b000_111_111; // 077

    /// <summary>Whatever this process makes is for its owner alone, whichever library makes it; see umask(2).</summary>
    public static void Enforce()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetMask(OwnerOnly);
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint SetMask(uint mask);
}
