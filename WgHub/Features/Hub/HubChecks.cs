using System.Buffers;
using System.Net;
using System.Net.Sockets;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>Looks at the machine before a set-up or a change, so that what cannot work is refused with its field.</summary>
internal sealed class HubChecks(LinkTool links, WgTool wg, HubInterface own)
{
    /// <exception cref="AppException">VALIDATION_FAILED: the machine reaches some of the network by another way.</exception>
    /// <exception cref="WgException">ip refused.</exception>
    public async Task NetworkIsFreeAsync(Ipv4Network network, CancellationToken cancellationToken)
    {
        var routes = await links.RoutedNetworksAsync(own.Name, cancellationToken);
        if (routes.Where(network.Overlaps).Select(route => (Ipv4Network?)route).FirstOrDefault() is { } taken)
        {
            throw WebErrors.Invalid("networkCIDR", $"This machine reaches {taken} by another interface. Take a network that does not overlap it.");
        }
    }

    /// <inheritdoc cref="NetworkIsFreeAsync(Ipv4Network, CancellationToken)"/>
    public async Task NetworkIsFreeAsync(Ipv6Network? network, CancellationToken cancellationToken)
    {
        if (network is not { } wanted)
        {
            return;
        }

        var routes = await links.RoutedNetworks6Async(own.Name, cancellationToken);
        if (routes.Where(wanted.Overlaps).Select(route => (IPNetwork?)route).FirstOrDefault() is { } taken)
        {
            throw WebErrors.Invalid("networkCIDRv6", $"This machine reaches {taken} by another interface. Take a network that does not overlap it.");
        }
    }

    /// <summary>An interface of ours, or one without peers, may be taken over; somebody else's tunnels are left alone.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED: somebody uses it.</exception>
    /// <exception cref="WgException">ip refused, or the interface is no WireGuard interface.</exception>
    public async Task InterfaceIsFreeAsync(CancellationToken cancellationToken)
    {
        if (await links.FindAsync(own.Name, cancellationToken) is null)
        {
            return;
        }

        var dump = new ArrayBufferWriter<byte>();
        await wg.DumpAsync(own.Name, dump, cancellationToken);
        if (HasPeers(dump.WrittenSpan))
        {
            throw WebErrors.Invalid("interfaceName", $"The interface {own.Name} exists already and has peers. Set WireGuard:Interface to another name, or remove the interface.");
        }
    }

    /// <exception cref="AppException">VALIDATION_FAILED: another program listens there.</exception>
    public static void PortIsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            throw WebErrors.Invalid("listenPort", $"UDP port {port} is in use on this machine.");
        }
    }

    private static bool HasPeers(ReadOnlySpan<byte> dump)
    {
        var device = new WgDump(dump);
        return device.MoveNext();
    }
}
