namespace WgHub.WireGuard;

/// <summary>
/// Routes to the networks behind peers, as wg-quick makes them for a peer's allowed IPs. Ours bear a protocol number of their
/// own, so that nobody else's is taken away. Most hubs have none, and then no program is started to look for them.
/// </summary>
internal sealed class Routes(string name, LinkTool links)
{
    private bool _mayHaveRoutes = true; // a hub before us may have left some

    /// <exception cref="WgException">ip refused.</exception>
    public async Task MirrorAsync(IReadOnlyList<Ipv4Network> wanted, CancellationToken cancellationToken)
    {
        if (wanted.Count == 0 && !_mayHaveRoutes)
        {
            return;
        }

        var present = await links.OwnRoutesAsync(name, cancellationToken);
        if (wanted.Except(present).ToList() is { Count: > 0 } missing)
        {
            // What the machine reaches by another way, its own network for instance, is not taken from it.
            foreach (var network in missing.Except(await links.RoutedNetworksAsync(name, cancellationToken)))
            {
                await links.AddRouteAsync(name, network, cancellationToken);
            }
        }

        foreach (var network in present.Except(wanted))
        {
            await links.RemoveRouteAsync(name, network, cancellationToken);
        }

        _mayHaveRoutes = wanted.Count > 0;
    }
}
