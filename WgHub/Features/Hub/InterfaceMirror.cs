using System.Buffers;
using WgHub.Features.Spokes;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>
/// The only writer of the interface. It always applies what the database wants at that moment, so late, doubled or reordered
/// calls do no harm. Peers that did not change are never touched.
/// </summary>
internal sealed partial class InterfaceMirror(HubStore hubs, PeerStore peers, WgTool wg, LinkTool links, Forwarding forwarding, RouteMirror routes, ILogger<InterfaceMirror> logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Makes the interface agree with the database about these keys. Costs the same at any number of peers.</summary>
    /// <exception cref="WgException">wg refused, also after the interface was looked after.</exception>
    public async Task MirrorPeersAsync(IReadOnlyCollection<PublicKey> keys, CancellationToken cancellationToken)
    {
        if (hubs.Current is not { } hub || keys.Count == 0)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            try
            {
                await ApplyAsync(hub, keys, cancellationToken);
            }
            catch (WgException)
            {
                // The interface may be gone or lack its key: made good once, before the caller hears of it.
                await MendDeviceAsync(hub, await links.FindAsync(hub.InterfaceName, cancellationToken), cancellationToken);
                await ApplyAsync(hub, keys, cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reads the interface, after making or mending it where it is not as wanted.</summary>
    /// <param name="dump">Receives the output of <c>wg show … dump</c>.</param>
    /// <returns>True when something had to be mended.</returns>
    /// <exception cref="WgException">It could not be made or mended.</exception>
    public async Task<bool> InspectAsync(HubConfig hub, ArrayBufferWriter<byte> dump, CancellationToken cancellationToken)
    {
        dump.ResetWrittenCount();
        var link = await links.FindAsync(hub.InterfaceName, cancellationToken);
        if (link is not null)
        {
            await wg.DumpAsync(hub.InterfaceName, dump, cancellationToken);
            if (IsAsWanted(hub, link, dump.WrittenSpan))
            {
                await routes.MirrorAsync(hub.InterfaceName, cancellationToken);
                return false;
            }
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            await MendDeviceAsync(hub, link, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }

        await routes.MirrorAsync(hub.InterfaceName, cancellationToken);
        dump.ResetWrittenCount();
        await wg.DumpAsync(hub.InterfaceName, dump, cancellationToken);
        return true;
    }

    /// <summary>Takes the interface away, after a set-up that did not work out.</summary>
    public async Task RemoveDeviceAsync(string name, CancellationToken cancellationToken)
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

    public void Dispose() => _gate.Dispose();

    private async Task ApplyAsync(HubConfig hub, IReadOnlyCollection<PublicKey> keys, CancellationToken cancellationToken)
    {
        var wanted = peers.Wanted(keys);

        // Removals first: an address that moves to another key must not be taken off again with its old owner.
        await wg.RemovePeersAsync(hub.InterfaceName, [.. keys.Where(key => !wanted.ContainsKey(key))], cancellationToken);
        await wg.SetPeersAsync(hub.InterfaceName, [.. wanted.Values.Select(hub.TargetFor)], cancellationToken);
    }

    private async Task MendDeviceAsync(HubConfig hub, Link? link, CancellationToken cancellationToken)
    {
        if (link is null)
        {
            await links.AddAsync(hub.InterfaceName, cancellationToken);
            LogMade(hub.InterfaceName);
        }

        // Not when it stands already: wireguard-go opens its socket anew for the same port, and a packet may fall between.
        if (!await HasKeyAndPortAsync(hub, cancellationToken))
        {
            await wg.SetDeviceAsync(hub.InterfaceName, hubs.PrivateKey(), hub.ListenPort, cancellationToken);
        }

        var present = link?.Addresses ?? [];
        var wanted = WantedAddresses(hub);

        // New ones first: the hub answers under one address all the time.
        foreach (var address in wanted.Except(present))
        {
            await links.AddAddressAsync(hub.InterfaceName, address, cancellationToken);
        }

        foreach (var address in present.Except(wanted))
        {
            await links.RemoveAddressAsync(hub.InterfaceName, address, cancellationToken);
        }

        await links.SetUpAsync(hub.InterfaceName, hub.Mtu, cancellationToken);
        forwarding.Set(hub.InterfaceName, hub.SpokeToSpoke);
        LogMended(hub.InterfaceName);
    }

    private async Task<bool> HasKeyAndPortAsync(HubConfig hub, CancellationToken cancellationToken)
    {
        var dump = new ArrayBufferWriter<byte>();
        await wg.DumpAsync(hub.InterfaceName, dump, cancellationToken);
        return HasKeyAndPort(hub, dump.WrittenSpan);
    }

    private static bool HasKeyAndPort(HubConfig hub, ReadOnlySpan<byte> dump)
    {
        var device = new WgDump(dump);
        return device.InterfaceKey == hub.Key && device.ListenPort == hub.ListenPort;
    }

    private bool IsAsWanted(HubConfig hub, Link link, ReadOnlySpan<byte> dump) =>
        HasKeyAndPort(hub, dump) && link.IsUp && link.Mtu == hub.Mtu && link.Addresses.ToHashSet().SetEquals(WantedAddresses(hub)) && forwarding.Is(hub.InterfaceName, hub.SpokeToSpoke);

    private static IReadOnlyList<string> WantedAddresses(HubConfig hub) =>
        hub.InterfaceAddress6 is { } address6 ? [hub.InterfaceAddress, address6] : [hub.InterfaceAddress];

    [LoggerMessage(Level = LogLevel.Information, Message = "Interface {Interface} made.")]
    private partial void LogMade(string @interface);

    [LoggerMessage(Level = LogLevel.Information, Message = "Interface {Interface} set as wanted: key, port, addresses, MTU.")]
    private partial void LogMended(string @interface);
}
