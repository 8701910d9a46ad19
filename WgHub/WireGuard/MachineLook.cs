using System.Buffers;
using System.Net;
using WgHub.Hosting;

namespace WgHub.WireGuard;

/// <summary>What has to be known of this machine before there is a hub on it, or beside its hub. Changes nothing.</summary>
internal sealed class MachineLook(WgTool wg, LinkTool links, TimeProvider time)
{
    private static readonly TimeSpan RoutesKept = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private (string Name, long At, Task<IReadOnlyList<Ipv4Network>> Routes)? _routes;

    /// <summary>Makes a key pair.</summary>
    /// <exception cref="WgException">wg is missing or refused.</exception>
    public Task<(Secret Private, PublicKey Public)> GenerateKeyAsync(CancellationToken cancellationToken) => wg.GenerateKeyAsync(cancellationToken);

    /// <exception cref="WgException">It is no private key, or wg is missing.</exception>
    public Task<PublicKey> PublicKeyOfAsync(Secret privateKey, CancellationToken cancellationToken) => wg.PublicKeyOfAsync(privateKey, cancellationToken);

    /// <summary>Networks that the machine reaches by itself: routes and addresses, but not through the interface of this name.</summary>
    /// <exception cref="WgException">ip is missing or refused.</exception>
    public Task<IReadOnlyList<Ipv4Network>> RoutesBesideAsync(string name, CancellationToken cancellationToken) =>
        links.RoutedNetworksAsync(name, cancellationToken);

    /// <summary>The same as somebody was told it in the last seconds: for what many may ask at once.</summary>
    /// <inheritdoc cref="RoutesBesideAsync"/>
    public Task<IReadOnlyList<Ipv4Network>> RecentRoutesBesideAsync(string name, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<Ipv4Network>> routes;
        lock (_lock)
        {
            if (_routes is not { } last || last.Name != name || time.GetElapsedTime(last.At) > RoutesKept)
            {
                // Not the caller's to cancel: others wait for it too.
                _routes = last = (name, time.GetTimestamp(), links.RoutedNetworksAsync(name, CancellationToken.None));
            }

            routes = last.Routes;
        }

        return routes.WaitAsync(cancellationToken);
    }

    /// <inheritdoc cref="RoutesBesideAsync"/>
    public Task<IReadOnlyList<IPNetwork>> Routes6BesideAsync(string name, CancellationToken cancellationToken) =>
        links.RoutedNetworks6Async(name, cancellationToken);

    /// <summary>The same of one family.</summary>
    /// <inheritdoc cref="RoutesBesideAsync"/>
    public Task<IReadOnlyList<Cidr>> ReachedBesideAsync(string name, bool isIPv6, CancellationToken cancellationToken) =>
        links.ReachedNetworksAsync(name, isIPv6, cancellationToken);

    /// <returns>The interface, or null when there is none.</returns>
    /// <exception cref="WgException">ip is missing or refused.</exception>
    public Task<Link?> FindAsync(string name, CancellationToken cancellationToken) => links.FindAsync(name, cancellationToken);

    /// <exception cref="WgException">There is no such interface, it is none of WireGuard, or wg refused.</exception>
    public async Task<bool> HasPeersAsync(string name, CancellationToken cancellationToken)
    {
        var dump = new ArrayBufferWriter<byte>();
        await wg.DumpAsync(name, dump, cancellationToken);
        return new WgDump(dump.WrittenSpan).MoveNext();
    }

    /// <summary>The interface as a conf file of wg(8), with its private and preshared keys: for parsing, never for showing.</summary>
    /// <exception cref="WgException">There is no such interface, it is none of WireGuard, or wg refused.</exception>
    public Task<string> ConfAsync(string name, CancellationToken cancellationToken) => wg.ShowConfAsync(name, cancellationToken);

    /// <summary>How the kernel's switches of the interface stand.</summary>
    public static ForwardingSwitches SwitchesOf(string name) => new Forwarding(name).Look();

    /// <summary>True when what arrives on the interface is forwarded.</summary>
    public static bool Forwards(string name) => Forwarding.IsOn(name) ?? true;
}
