namespace WgHub.WireGuard;

/// <summary>
/// An interface of this machine: its only writer and its only reader. Knows no database: it is told what is wanted, and tells what is.
/// Peers that did not change are never touched.
/// </summary>
internal sealed partial class Device(
    string name, WgTool wg, LinkTool links, DeviceReader reader, Forwarding forwarding, Routes routes, ConfFile conf, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Makes the interface agree about these peers. Costs the same at any number of others.</summary>
    /// <param name="peers">As they should be; null: taken off.</param>
    /// <exception cref="WgException">wg refused, also after the interface was looked after.</exception>
    public async Task ApplyAsync(DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?> peers, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            try
            {
                await ApplyPeersAsync(peers, cancellationToken);
            }
            catch (WgException)
            {
                // The interface may be gone or lack its key: made good once, before the caller hears of it.
                await MendAsync(spec, await links.FindAsync(name, cancellationToken), cancellationToken);
                await ApplyPeersAsync(peers, cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reads the interface, after making or mending it where it is not as wanted. Its peers are left as they are.</summary>
    /// <returns>The report, and whether something had to be mended.</returns>
    /// <exception cref="WgException">It could not be made, mended or read.</exception>
    public async Task<(DeviceReport Report, bool IsMended)> KeepAsync(
        DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?> wanted, CancellationToken cancellationToken)
    {
        var link = await links.FindAsync(name, cancellationToken);
        if (link is not null)
        {
            var (report, hasKeyAndPort) = await reader.ReadAsync(spec, wanted, cancellationToken);
            if (hasKeyAndPort && IsAsWanted(spec, link))
            {
                await routes.MirrorAsync(spec.Routes, cancellationToken);
                return (report, false);
            }
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            await MendAsync(spec, link, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }

        await routes.MirrorAsync(spec.Routes, cancellationToken);
        return ((await reader.ReadAsync(spec, wanted, cancellationToken)).Report, true);
    }

    /// <summary>Reads the interface and changes nothing. That there is none, or that wg refuses, stands in the report.</summary>
    /// <param name="wanted">Null: the peers are not compared.</param>
    public async Task<DeviceReport> ReadAsync(DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?>? wanted, CancellationToken cancellationToken)
    {
        try
        {
            return InterfaceGeneration.HasInterface(name)
                ? (await reader.ReadAsync(spec, wanted, cancellationToken)).Report
                : reader.Down(wanted, $"There is no interface {name}.");
        }
        catch (WgException exception)
        {
            return reader.Down(wanted, exception.Message);
        }
    }

    /// <summary>Writes the copy for a boot without us; see <see cref="ConfFile"/>.</summary>
    public Task WriteConfAsync(DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?> wanted, CancellationToken cancellationToken) =>
        conf.WriteAsync(spec, wanted, cancellationToken);

    /// <summary>Takes the interface away, after a set-up that did not work out.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await links.DeleteAsync(name, cancellationToken);
        }
        catch (WgException)
        {
            // It was never made.
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _gate.Dispose();
        reader.Dispose();
    }

    private async Task ApplyPeersAsync(IReadOnlyDictionary<PublicKey, PeerTarget?> peers, CancellationToken cancellationToken)
    {
        // Removals first: an address that moves to another key must not be taken off again with its old owner.
        await wg.RemovePeersAsync(name, [.. peers.Where(peer => peer.Value is null).Select(peer => peer.Key)], cancellationToken);
        await wg.SetPeersAsync(name, [.. peers.Values.OfType<PeerTarget>()], cancellationToken);
    }

    private async Task MendAsync(DeviceSpec spec, Link? link, CancellationToken cancellationToken)
    {
        if (link is null)
        {
            await links.AddAsync(name, cancellationToken);
            LogMade(name);
        }

        // Not when it stands already: wireguard-go opens its socket anew for the same port, and a packet may fall between.
        if (!(await reader.ReadAsync(spec, null, cancellationToken)).HasKeyAndPort)
        {
            await wg.SetDeviceAsync(name, spec.PrivateKey, spec.ListenPort, cancellationToken);
        }

        // New ones first: the hub answers under one address all the time.
        var present = link?.Addresses ?? [];
        foreach (var address in spec.Addresses.Except(present))
        {
            await links.AddAddressAsync(name, address, cancellationToken);
        }

        foreach (var address in present.Except(spec.Addresses))
        {
            await links.RemoveAddressAsync(name, address, cancellationToken);
        }

        await links.SetUpAsync(name, spec.Mtu, cancellationToken);
        forwarding.Set(spec.Forwards);
        LogMended(name);
    }

    private bool IsAsWanted(DeviceSpec spec, Link link) =>
        link.IsUp && link.Mtu == spec.Mtu && link.Addresses.ToHashSet().SetEquals(spec.Addresses) && forwarding.Is(spec.Forwards);

    [LoggerMessage(Level = LogLevel.Information, Message = "Interface {Interface} made.")]
    private partial void LogMade(string @interface);

    [LoggerMessage(Level = LogLevel.Information, Message = "Interface {Interface} set as wanted: key, port, addresses, MTU.")]
    private partial void LogMended(string @interface);
}
