using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace WgHub.WireGuard;

/// <summary>Names one life of the interface: counters of two lives cannot be compared.</summary>
internal sealed partial class InterfaceGeneration
{
    // The machine's boot and our network namespace do not change while we run.
    private readonly Lazy<string> _place = new(() =>
        $"{ReadOrEmpty("/proc/sys/kernel/random/boot_id")}/{new FileInfo("/proc/self/ns/net").LinkTarget}");

    /// <summary>True when the kernel knows an interface of that name.</summary>
    public static bool HasInterface(string name) => OperatingSystem.IsLinux() && IndexOf(name) != 0;

    /// <summary>True when the interface is there and switched on (IFF_UP).</summary>
    public static unsafe bool IsUp(string name)
    {
        const int GetFlags = 0x8913; // SIOCGIFFLAGS
        const int NameLength = 16;
        var request = stackalloc byte[40]; // struct ifreq: the name, and the flags behind it
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(name.AsSpan(0, Math.Min(name.Length, NameLength - 1)), new Span<byte>(request, NameLength));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        return ioctl((int)socket.Handle, GetFlags, request) == 0 && (request[NameLength] & 1) != 0;
    }

    /// <summary>Boot, network namespace and interface number; the number is a new one after the interface was made anew.</summary>
    public string Current(string name) => $"{_place.Value}/{IndexOf(name)}";

    private static string ReadOrEmpty(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : "";

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint IndexOf(string name);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int ioctl(int file, nuint request, byte* argument);
}
