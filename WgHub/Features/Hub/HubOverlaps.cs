using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>A network that a hub's network to be has addresses of.</summary>
/// <param name="Spoke">The name of the one that it lies behind; null where this machine reaches it by another interface.</param>
internal sealed record HubOverlap(string Network, string? Spoke);

/// <summary>Looks what stands in the way of another network of the hub.</summary>
internal sealed class HubOverlaps(MachineLook machine, SpokeStore spokes, Database database)
{
    /// <exception cref="WgException">ip refused.</exception>
    public async Task<IReadOnlyList<HubOverlap>> FindAsync(HubConfig before, HubConfig after, CancellationToken cancellationToken)
    {
        List<HubOverlap> found = [];
        if (after.Network != before.Network)
        {
            var routes = await machine.RoutesBesideAsync(before.InterfaceName, cancellationToken);
            found.AddRange(routes.Where(after.Network.Overlaps).Select(route => new HubOverlap(route.ToString(), null)));
            found.AddRange(database.Read(tx => spokes.Known(tx, before.Id))
                .SelectMany(spoke => spoke.Networks.Where(after.Network.Overlaps), (spoke, network) => new HubOverlap(network.ToString(), spoke.Name)));
        }

        if (after.Network6 is { } six && after.Network6 != before.Network6)
        {
            var routes = await machine.Routes6BesideAsync(before.InterfaceName, cancellationToken);
            found.AddRange(routes.Where(six.Overlaps).Select(route => new HubOverlap(route.ToString(), null)));
        }

        return [.. found.Distinct()];
    }
}
