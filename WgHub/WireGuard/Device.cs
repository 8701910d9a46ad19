namespace WgHub.WireGuard;

/// <summary>What came of looking after an interface.</summary>
/// <param name="IsMoved">True when it listens at another port now: its peers still send to the one before.</param>
internal sealed record Kept(DeviceReport Report, bool IsMoved = false);

/// <summary>
/// An interface of this machine: its only writer and its only reader. Knows no database: it is told what is wanted, and tells what is.
/// Peers that did not change are never touched.
/// </summary>
internal sealed partial class Device(
    string name, WgTool wg, LinkTool links, DeviceReader reader, DeviceMending mending, DeviceTraffic traffic, ConfFile conf, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <inheritdoc cref="Firewall.IsUnchangedAsync"/>
    public Task<bool> IsFirewallUnchangedAsync(CancellationToken cancellationToken) => traffic.IsFirewallUnchangedAsync(cancellationToken);

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
                await ApplyPeersAsync(spec, peers, cancellationToken);
            }
            catch (WgException)
            {
                // The interface may be gone or lack its key: made good once, before the caller hears of it.
                await mending.MendAsync(spec, await links.FindAsync(name, cancellationToken), cancellationToken);
                await ApplyPeersAsync(spec, peers, cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Peers that are on the interface are live only while it is up and has its key and port. Costs microseconds while it is.</summary>
    /// <exception cref="WgException">It is not, also after it was looked after.</exception>
    public async Task EnsureLiveAsync(DeviceSpec spec, CancellationToken cancellationToken)
    {
        if (reader.IsLive(spec))
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            var mended = await mending.MendAsync(spec, await links.FindAsync(name, cancellationToken), cancellationToken);
            if (!(await reader.ReadAsync(spec, null, cancellationToken)).IsUp)
            {
                throw new WgException($"The interface {name} is down. {string.Join(' ', mended.Faults)}");
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reads the interface, after making or mending it where it is not as wanted. Its peers are left as they are.</summary>
    /// <returns>The report; what could not be mended stands in its faults.</returns>
    /// <exception cref="WgException">It could not be made or read.</exception>
    public async Task<Kept> KeepAsync(DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?> wanted, CancellationToken cancellationToken)
    {
        var firewall = await traffic.GuardAsync(spec, wanted, cancellationToken);
        var link = await links.FindAsync(name, cancellationToken);
        if (link is not null && await reader.ReadAsync(spec, wanted, cancellationToken) is { IsUp: true } report && DeviceMending.IsAsWanted(spec, link))
        {
            return new(report with { Firewall = firewall, Faults = [.. firewall.All, .. await traffic.OpenAsync(spec, cancellationToken)] });
        }

        Mended mended;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            mended = await mending.MendAsync(spec, link, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }

        IReadOnlyList<string> faults = [.. firewall.All, .. mended.Faults, .. await traffic.OpenAsync(spec, cancellationToken)];
        return new(
            (await reader.ReadAsync(spec, wanted, cancellationToken)) with { Firewall = firewall, Faults = faults }, mended.IsMoved);
    }

    /// <summary>Reads the interface and changes nothing. That there is none, or that wg refuses, stands in the report.</summary>
    /// <param name="wanted">Null: the peers are not compared.</param>
    public async Task<DeviceReport> ReadAsync(DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?>? wanted, CancellationToken cancellationToken)
    {
        try
        {
            return InterfaceGeneration.HasInterface(name)
                ? await reader.ReadAsync(spec, wanted, cancellationToken)
                : reader.Down(wanted, $"There is no interface {name}.");
        }
        catch (WgException exception)
        {
            return reader.Down(wanted, exception.Message);
        }
    }

    /// <summary>
    /// Tells an interface that was made anew, or took peers up again, where they were seen last, and shakes hands with them. They would send with
    /// keys that it does not know until their own clock says so, 15 s later; one that has nothing to send, two minutes.
    /// </summary>
    /// <param name="endpoints">Address and port each was seen at.</param>
    /// <exception cref="WgException">wg refused.</exception>
    public async Task KnockAsync(IReadOnlyList<(PeerTarget Peer, string Endpoint)> endpoints, CancellationToken cancellationToken)
    {
        if (endpoints.Count == 0)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            await wg.SetEndpointsAsync(name, endpoints, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }

        await Knock.AtAsync(endpoints.Select(peer => peer.Peer), cancellationToken);
        LogKnocked(name, endpoints.Count);
    }

    /// <summary>
    /// Sends something to each peer, so that it learns the interface's new port from where that came: by itself it would go on sending to the
    /// one before until its session is over.
    /// </summary>
    public async Task CallAsync(IReadOnlyCollection<PeerTarget> peers, CancellationToken cancellationToken)
    {
        if (peers.Count == 0)
        {
            return;
        }

        await Knock.AtAsync(peers, cancellationToken);
        LogCalled(name, peers.Count);
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
            await traffic.RemoveAsync(cancellationToken);
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
        traffic.Dispose();
    }

    /// <summary>
    /// Removals first: an address that moves to another key must not be taken off again with its old owner. Then the firewall: nobody is
    /// reachable, or reaches anything, by what held for the one who had the address before.
    /// </summary>
    private async Task ApplyPeersAsync(DeviceSpec spec, IReadOnlyDictionary<PublicKey, PeerTarget?> peers, CancellationToken cancellationToken)
    {
        await wg.RemovePeersAsync(name, [.. peers.Where(peer => peer.Value is null).Select(peer => peer.Key)], cancellationToken);
        await traffic.PutAsync(spec, peers, cancellationToken);
        await wg.SetPeersAsync(name, [.. peers.Values.OfType<PeerTarget>()], cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Interface {Interface} is new, or has peers back: knocked at {Peers} where they were seen last.")]
    private partial void LogKnocked(string @interface, int peers);

    [LoggerMessage(Level = LogLevel.Information, Message = "Interface {Interface} listens at another port: called {Peers} peers from there.")]
    private partial void LogCalled(string @interface, int peers);
}
