using System.Net;
using System.Net.Sockets;
using WgHub.Features.Hub;
using WgHub.WireGuard;

namespace WgHub.Features.Diagnosis;

/// <summary>What lies around the hub's machine, and matters to every spoke: DNS, and other routes.</summary>
internal sealed class HubSurroundings(MachineLook machine)
{
    private static readonly TimeSpan DnsPatience = TimeSpan.FromSeconds(2);

    /// <returns>What the hub's public endpoint resolves to here; empty when it does not, within two seconds.</returns>
    public static async Task<IReadOnlyList<IPAddress>> EndpointAddressesAsync(HubConfig hub, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(DnsPatience);
        try
        {
            return await Dns.GetHostAddressesAsync(hub.PublicEndpoint.Host, patience.Token);
        }
        catch (SocketException)
        {
            return [];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    /// <returns>A network that the machine reaches by another interface although it is part of the tunnels' own; null for none.</returns>
    public async Task<Ipv4Network?> OverlappingAsync(HubConfig hub, CancellationToken cancellationToken)
    {
        try
        {
            // A wider route, such as 10.0.0.0/8 by the office, loses against the tunnels' own.
            var routes = await machine.RecentRoutesBesideAsync(hub.InterfaceName, cancellationToken);
            return routes.Where(route => hub.Network.Overlaps(route) && route.PrefixLength >= hub.Network.PrefixLength)
                .Select(route => (Ipv4Network?)route)
                .FirstOrDefault();
        }
        catch (WgException)
        {
            return null;
        }
    }
}
