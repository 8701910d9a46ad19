using WgHub.Features.Networks;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>A network that a hub's network to be has addresses of.</summary>
/// <param name="Spoke">The name of the one that it lies behind; null where this machine reaches it by another interface.</param>
internal sealed record HubOverlap(string Network, string? Spoke);

/// <summary>Looks what stands in the way of another network of the hub.</summary>
internal sealed class HubOverlaps(MachineLook machine, NetworkStore networks)
{
    /// <exception cref="WgException">ip refused.</exception>
    public async Task<IReadOnlyList<HubOverlap>> FindAsync(HubConfig before, HubConfig after, CancellationToken cancellationToken)
    {
        List<HubOverlap> found = [];
        if (after.Network != before.Network)
        {
            var routes = await machine.RoutesBesideAsync(before.InterfaceName, cancellationToken);
            found.AddRange(routes.Where(after.Network.Overlaps).Select(route => new HubOverlap(route.ToString(), null)));
            found.AddRange(Behind(before.Id, after.Network));
        }

        if (after.Network6 is { } six && after.Network6 != before.Network6)
        {
            var routes = await machine.Routes6BesideAsync(before.InterfaceName, cancellationToken);
            found.AddRange(routes.Where(six.Overlaps).Select(route => new HubOverlap(route.ToString(), null)));
            found.AddRange(Behind(before.Id, Cidr.Parse(six.ToString())));
        }

        return [.. found.Distinct()];
    }

    private IEnumerable<HubOverlap> Behind(HubId hub, Cidr own) =>
        networks.All(hub).Where(network => network.Cidr.Overlaps(own))
            .Select(network => new HubOverlap(network.Cidr.ToString(), network.IsBehindHub ? null : network.Behind));
}
