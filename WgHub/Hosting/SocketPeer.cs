using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace WgHub.Hosting;

/// <summary>Who is at the other end of a socket of this machine; see SO_PEERCRED in unix(7).</summary>
internal static partial class SocketPeer
{
    private const int SocketLevel = 1;  // SOL_SOCKET
    private const int Credentials = 17; // SO_PEERCRED
    private const int Bytes = 12;       // struct ucred: process, user, group
    private const uint Root = 0;

    /// <summary>True for root and for the user that this process runs as. What the kernel tells is what they were when they connected.</summary>
    public static bool IsOurs(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        Span<byte> credentials = stackalloc byte[Bytes];
        return socket.GetRawSocketOption(SocketLevel, Credentials, credentials) == Bytes
            && MemoryMarshal.Read<uint>(credentials[sizeof(int)..]) is var user && (user == Root || user == geteuid());
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint geteuid();
}
