using System.Runtime.InteropServices;

namespace WgHub.WireGuard;

internal enum TunState
{
    There,
    Missing,

    /// <summary>There, and this user may not open it.</summary>
    Refused,
}

/// <summary>What an interface stands on: the kernel's WireGuard, or /dev/net/tun for wireguard-go. Looks, and makes nothing.</summary>
internal static partial class TunnelGround
{
    public const string Tun = "/dev/net/tun";

    private static readonly string[] ModuleLists = ["modules.builtin", "modules.dep"];

    private const int TooManyFiles = 24; // EMFILE: fs.inotify.max_user_instances

    /// <summary>True where the module is loaded or built in, or can be loaded.</summary>
    public static bool KernelHasWireGuard =>
        Directory.Exists("/sys/module/wireguard") || Array.Exists(ModuleLists, list => Names(list, "/wireguard.ko"));

    /// <summary>True in a container: devices and modules are its host's to give.</summary>
    public static bool IsContainer =>
        File.Exists("/run/systemd/container") || File.Exists("/run/host/container-manager") || File.Exists("/.dockerenv") || File.Exists("/run/.containerenv")
        || (File.Exists("/proc/self/uid_map") && !File.ReadAllText("/proc/self/uid_map").TrimEnd().EndsWith(" 4294967295", StringComparison.Ordinal));

    /// <summary>To have it open makes no interface.</summary>
    public static TunState LookAtTun()
    {
        try
        {
            using var tun = File.OpenHandle(Tun, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return TunState.There;
        }
        catch (UnauthorizedAccessException)
        {
            return TunState.Refused;
        }
        catch (IOException)
        {
            return TunState.Missing; // or a node without its driver
        }
    }

    /// <summary>False where this user has no inotify instance left: wireguard-go takes one for each interface, and does not start without.</summary>
    public static bool HasInotify()
    {
        var descriptor = inotify_init1(0);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() != TooManyFiles;
        }

        _ = close(descriptor);
        return true;
    }

    private static bool Names(string list, string module)
    {
        const string Release = "/proc/sys/kernel/osrelease";
        var file = File.Exists(Release) ? $"/lib/modules/{File.ReadAllText(Release).Trim()}/{list}" : "";
        return File.Exists(file) && File.ReadLines(file).Any(line => line.Split(':')[0].Contains(module, StringComparison.Ordinal));
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int close(int descriptor);
}
