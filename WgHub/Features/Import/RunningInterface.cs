using System.Net;
using Microsoft.Extensions.Options;
using WgHub.Features.Hub;
using WgHub.Hosting;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>Reads the interface that is up on this machine, and the file that wg-quick made it from. Changes nothing.</summary>
internal sealed class RunningInterface(MachineLook machine, HubInterface own, IOptions<WireGuardOptions> options)
{
    private const string BootUnits = "/etc/systemd/system/multi-user.target.wants";

    /// <summary>The hub's own, or the one that a new hub is to have.</summary>
    public string Name => own.Name;

    /// <summary>True when it lets its peers reach each other and what lies behind this machine.</summary>
    public bool Forwards => MachineLook.Forwards(Name);

    /// <summary>Where this machine gets by another way.</summary>
    /// <exception cref="WgException">ip refused.</exception>
    public async Task<IReadOnlyList<Cidr>> OtherRoutesAsync(CancellationToken cancellationToken) =>
    [
        .. await machine.ReachedBesideAsync(Name, false, cancellationToken),
        .. Ipv6.IsOff(Name) ? [] : await machine.ReachedBesideAsync(Name, true, cancellationToken),
    ];

    /// <exception cref="WgException">It is no private key, or wg is missing.</exception>
    public Task<PublicKey> PublicKeyOfAsync(Secret privateKey, CancellationToken cancellationToken) => machine.PublicKeyOfAsync(privateKey, cancellationToken);

    /// <summary>The number of its peers; 0 when there is no such interface.</summary>
    public async Task<int> CountPeersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await machine.FindAsync(Name, cancellationToken) is null
                ? 0
                : ConfSource.Read(await machine.ConfAsync(Name, cancellationToken), ConfSource.WgQuick, cancellationToken).Peers.Count;
        }
        catch (WgException)
        {
            return 0; // no WireGuard interface, or no wg
        }
    }

    /// <exception cref="AppException">VALIDATION_FAILED: it is not there, or has no peers.</exception>
    /// <exception cref="WgException">wg or ip refused.</exception>
    public async Task<ImportSource> ReadAsync(CancellationToken cancellationToken)
    {
        var link = await machine.FindAsync(Name, cancellationToken) ?? throw ImportErrors.NothingRuns(Name);
        var live = ConfSource.Read(await machine.ConfAsync(Name, cancellationToken), $"the running {Name}", cancellationToken);
        if (live is not { Hub: { } hub, Peers.Count: > 0 })
        {
            throw ImportErrors.NothingRuns(Name);
        }

        // What the interface says of endpoints and keepalive is how it is now; what was set stands in the file.
        var found =
            live with
            {
                IsRunning = true,
                Hub = hub with { Addresses = link.Addresses, Mtu = link.Mtu },
                Peers = [.. live.Peers.Select(AsItIs).OrderBy(peer => peer.Key, StringComparer.Ordinal)],
                Notices = []
            };
        return File(cancellationToken) is { } file ? Joined(found, file, live.Peers.ToDictionary(peer => peer.Key, peer => peer.CalledAt)) : found;
    }

    /// <summary>wg gives peers and networks in an order of the moment.</summary>
    private static ImportedPeer AsItIs(ImportedPeer peer) =>
        peer with { Name = null, CalledAt = null, Remarks = [], AllowedIPs = [.. peer.AllowedIPs.Order(StringComparer.Ordinal)] };

    /// <summary>Names and remarks from the file; peers that it alone has are told, or kept as switched off when it says so.</summary>
    /// <param name="seen">Where each peer of the interface is called now; null for nowhere.</param>
    private ImportSource Joined(ImportSource live, ImportSource file, Dictionary<string, string?> seen)
    {
        var present = live.Peers.Select(peer => peer.Key).ToHashSet();
        var gone = file.Peers.Count(peer => peer.IsEnabled && !present.Contains(peer.Key));

        // One that was seen elsewhere since calls the hub by itself.
        ImportedPeer AsLive(ImportedPeer peer) => peer with { PresharedKey = null, IsEnabled = true, CalledAt = IsCalled(peer) ? peer.CalledAt : null };
        bool IsCalled(ImportedPeer peer) => seen.GetValueOrDefault(peer.Key) is not { } now || now == peer.CalledAt
            || !IPEndPoint.TryParse(peer.CalledAt ?? "", out _);
        var known =
            file with
            {
                Hub = null,
                Peers =
                    [.. file.Peers.Where(peer => !peer.IsEnabled || present.Contains(peer.Key))
                        .Select(peer => present.Contains(peer.Key) ? AsLive(peer) : peer)]
            };
        return live.With(known) with { Kind = live.Kind, Notices = [.. file.Notices, .. Told(gone)] };
    }

    private IEnumerable<string> Told(int gone)
    {
        if (gone > 0)
        {
            yield return $"{gone} peers of {Name}.conf are not on the interface and are left out.";
        }

        yield return $"{Name}.conf is kept as {Name}.conf.before-wghub; from now on WgHub writes {Name}.conf itself.";
        if (System.IO.File.Exists($"{BootUnits}/wg-quick@{Name}.service"))
        {
            yield return $"wg-quick@{Name} starts with the machine. It may go on doing so, with WgHub's file; or take it out with 'systemctl disable wg-quick@{Name}'. Do not stop it: that takes the interface down.";
        }
    }

    /// <summary>Null when there is none, or one that cannot be read: the interface is the truth.</summary>
    private ImportSource? File(CancellationToken cancellationToken)
    {
        try
        {
            var file = System.IO.File.ReadAllBytes(Path.Combine(options.Value.ConfigDirectory, $"{Name}.conf"));
            return UploadedText.Decode(file) is { } text ? ConfSource.Read(text, ConfSource.WgQuick, cancellationToken) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or AppException)
        {
            return null;
        }
    }
}
