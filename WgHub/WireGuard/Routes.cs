namespace WgHub.WireGuard;

/// <summary>
/// Routes to the networks behind peers, as wg-quick makes them for a peer's allowed IPs. Ours bear a protocol number of their
/// own, so that nobody else's is taken away. Most hubs have none, and then no program is started to look for them.
/// </summary>
internal sealed class Routes(string name, LinkTool links)
{
    // A hub before us may have left some. Where there is no IPv6, there are none.
    private bool _mayHaveRoutes = true;
    private bool _mayHaveRoutes6 = !Ipv6.IsOff(name);

    /// <exception cref="WgException">ip refused.</exception>
    public async Task MirrorAsync(IReadOnlyList<Cidr> wanted, CancellationToken cancellationToken)
    {
        var (four, six) = (wanted.Where(network => !network.IsIPv6).ToList(), wanted.Where(network => network.IsIPv6).ToList());
        if (four.Count > 0 || _mayHaveRoutes)
        {
            await MirrorAsync(four, false, cancellationToken);
            _mayHaveRoutes = four.Count > 0;
        }

        if (six.Count > 0 || _mayHaveRoutes6)
        {
            await MirrorAsync(six, true, cancellationToken);
            _mayHaveRoutes6 = six.Count > 0;
        }
    }

    private async Task MirrorAsync(List<Cidr> wanted, bool isIPv6, CancellationToken cancellationToken)
    {
        var present = await links.OwnRoutesAsync(name, isIPv6, cancellationToken);
        if (wanted.Except(present).ToList() is { Count: > 0 } missing)
        {
            // What the machine reaches by another way, its own network for instance, is not taken from it.
            foreach (var network in missing.Except(await links.ReachedNetworksAsync(name, isIPv6, cancellationToken)))
            {
                await links.AddRouteAsync(name, network, cancellationToken);
            }
        }

        foreach (var network in present.Except(wanted))
        {
            await links.RemoveRouteAsync(name, network, cancellationToken);
        }
    }
}
