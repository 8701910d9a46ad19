using System.Net;
using System.Net.Sockets;

namespace WgHub.WireGuard;

internal enum UdpPortState
{
    Free,

    /// <summary>Another program listens there, or an interface does.</summary>
    Taken,

    /// <summary>It is below what users without CAP_NET_BIND_SERVICE may take.</summary>
    NotAllowed,
}

/// <summary>A UDP port of this machine.</summary>
internal static class UdpPort
{
    /// <summary>Takes it for a moment, of both families where there are two, as WireGuard does.</summary>
    public static UdpPortState Look(int port)
    {
        foreach (var address in Socket.OSSupportsIPv6 && !Ipv6.IsOff("all") ? new[] { IPAddress.Any, IPAddress.IPv6Any } : [IPAddress.Any])
        {
            try
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                if (address.AddressFamily == AddressFamily.InterNetworkV6)
                {
                    socket.DualMode = false;
                }

                socket.Bind(new IPEndPoint(address, port));
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                return UdpPortState.Taken;
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AccessDenied)
            {
                return UdpPortState.NotAllowed;
            }
        }

        return UdpPortState.Free;
    }
}
