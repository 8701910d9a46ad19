using System.Net;
using WgHub.Hosting;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>The machine as a set-up or a change meets it, so that what cannot work is refused with its field.</summary>
internal sealed class HubMachine(MachineLook machine, HubInterface own)
{
    /// <summary>What the hub's interface is called, or is to be called.</summary>
    public string Interface => own.Name;

    /// <summary>Makes a key pair.</summary>
    /// <exception cref="WgException">wg is missing or refused.</exception>
    public Task<(Secret Private, PublicKey Public)> GenerateKeyAsync(CancellationToken cancellationToken) => machine.GenerateKeyAsync(cancellationToken);

    /// <summary>What this machine suggests for a new hub.</summary>
    /// <exception cref="WgException">ip refused.</exception>
    public async Task<HubDefaults> SuggestAsync(CancellationToken cancellationToken) =>
        HubDefaults.Beside(await machine.RoutesBesideAsync(own.Name, cancellationToken));

    /// <exception cref="AppException">VALIDATION_FAILED: the machine reaches some of the network by another way.</exception>
    /// <exception cref="WgException">ip refused.</exception>
    public async Task NetworkIsFreeAsync(Ipv4Network network, CancellationToken cancellationToken)
    {
        var routes = await machine.RoutesBesideAsync(own.Name, cancellationToken);
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

        var routes = await machine.Routes6BesideAsync(own.Name, cancellationToken);
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
        if (await machine.FindAsync(own.Name, cancellationToken) is not null && await machine.HasPeersAsync(own.Name, cancellationToken))
        {
            throw WebErrors.Invalid(
                "interfaceName", $"The interface {own.Name} exists already and has peers. Set WireGuard:Interface to another name, or remove the interface.");
        }
    }

    /// <exception cref="AppException">VALIDATION_FAILED: another program listens there.</exception>
    public static void PortIsFree(int port)
    {
        if (UdpPort.Look(port) != UdpPortState.Free)
        {
            throw WebErrors.Invalid("listenPort", $"UDP port {port} is in use on this machine.");
        }
    }
}
