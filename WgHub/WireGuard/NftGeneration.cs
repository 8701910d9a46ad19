using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WgHub.WireGuard;

/// <summary>
/// The kernel's number of the whole ruleset: one more after each change that anybody makes. Asked for in microseconds, so that a table that was
/// flushed is seen at once, without listing it.
/// </summary>
/// <remarks>NFT_MSG_GETGEN of netfilter's netlink, linux/netfilter/nf_tables.h.</remarks>
internal sealed partial class NftGeneration : IDisposable
{
    private const int Netlink = 16, Raw = 3, NetfilterProtocol = 12; // AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER
    private const int CloseOnExec = 0x80000, ReceiveTimeout = 20, SocketLevel = 1;
    private const ushort GetGeneration = (10 << 8) | 16, NewGeneration = (10 << 8) | 15; // NFNL_SUBSYS_NFTABLES and the message
    private const int HeaderLength = 20; // nlmsghdr and nfgenmsg
    private const ushort NumberAttribute = 1; // NFTA_GEN_ID

    private readonly Lock _lock = new();
    private int _socket = -1;

    /// <returns>Null where the kernel does not tell: then only listing shows what changed.</returns>
    public uint? Current()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        lock (_lock)
        {
            if (_socket < 0 && (_socket = OpenSocket()) < 0)
            {
                return null;
            }

            if (Ask() is { } number)
            {
                return number;
            }

            Close();
            return null;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Close();
        }
    }

    private static int OpenSocket()
    {
        var socket = Socket(Netlink, Raw | CloseOnExec, NetfilterProtocol);
        if (socket >= 0)
        {
            Span<long> second = [1, 0];
            _ = SetOption(socket, SocketLevel, ReceiveTimeout, second, 16);
        }

        return socket;
    }

    private uint? Ask()
    {
        Span<byte> request = stackalloc byte[HeaderLength];
        request.Clear();
        MemoryMarshal.Write(request, HeaderLength);
        MemoryMarshal.Write(request[4..], GetGeneration);
        MemoryMarshal.Write(request[6..], (ushort)1); // NLM_F_REQUEST
        if (Send(_socket, request, request.Length, 0) != request.Length)
        {
            return null;
        }

        Span<byte> answer = stackalloc byte[256];
        var length = (int)Receive(_socket, answer, answer.Length, 0);
        return length > HeaderLength && MemoryMarshal.Read<ushort>(answer[4..]) == NewGeneration ? Number(answer[HeaderLength..length]) : null;
    }

    private static uint? Number(ReadOnlySpan<byte> attributes)
    {
        while (attributes.Length >= 8)
        {
            var length = MemoryMarshal.Read<ushort>(attributes);
            if (MemoryMarshal.Read<ushort>(attributes[2..]) == NumberAttribute)
            {
                return BinaryPrimitives.ReadUInt32BigEndian(attributes[4..]);
            }

            var next = (length + 3) & ~3;
            if (length < 4 || next > attributes.Length)
            {
                break;
            }

            attributes = attributes[next..];
        }

        return null;
    }

    private void Close()
    {
        if (_socket >= 0)
        {
            _ = CloseSocket(_socket);
            _socket = -1;
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "socket")]
    private static partial int Socket(int family, int type, int protocol);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static partial int SetOption(int socket, int level, int option, ReadOnlySpan<long> value, int length);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(int socket, ReadOnlySpan<byte> data, nint length, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(int socket, Span<byte> data, nint length, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseSocket(int socket);
}
