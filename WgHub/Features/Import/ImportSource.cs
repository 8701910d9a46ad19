using WgHub.Hosting;

namespace WgHub.Features.Import;

/// <summary>What a running interface or another tool's export tells, unchecked: <see cref="ImportPlan"/> judges it.</summary>
/// <param name="Kind">As a person calls it, such as <c>wg-easy 15</c>.</param>
/// <param name="Hub">Null when only peers are told.</param>
/// <param name="Notices">Sentences about what is not taken over.</param>
internal sealed record ImportSource(string Kind, ImportedHub? Hub, IReadOnlyList<ImportedPeer> Peers, IReadOnlyList<string> Notices)
{
    /// <summary>More than the largest hub holds: such a file is no export.</summary>
    public const int MostPeers = 20_000;

    /// <summary>Of all peers together: an address of each family, and more.</summary>
    public const int MostAllowedIPs = 100_000;

    /// <summary>True for the interface of this machine, that is up.</summary>
    public bool IsRunning { get; init; }

    /// <summary>This source with what another knows better: names of peers, and the hub where this one has none.</summary>
    public ImportSource With(ImportSource other)
    {
        var others = other.Peers.GroupBy(peer => peer.Key).ToDictionary(peers => peers.Key, peers => peers.First());
        var own = Peers.Select(peer => peer.Key).ToHashSet();
        return this with
        {
            Kind = $"{Kind} and {other.Kind}",
            Hub = Hub is null ? other.Hub : other.Hub is null ? Hub : Hub.With(other.Hub),
            Peers =
                [.. Peers.Select(peer => others.TryGetValue(peer.Key, out var known) ? peer.With(known) : peer),
                    .. other.Peers.Where(peer => !own.Contains(peer.Key))],
            Notices = [.. Notices, .. other.Notices],
        };
    }
}

/// <param name="PrivateKey">The hub's own; null when the source does not hold it.</param>
/// <param name="Addresses">Of its interface, such as <c>10.8.0.1/24</c>.</param>
/// <param name="Endpoint">Where clients were told to call; null when the source does not say.</param>
internal sealed record ImportedHub(Secret? PrivateKey, int? ListenPort, IReadOnlyList<string> Addresses, int? Mtu, string? Endpoint, IReadOnlyList<string> Dns)
{
    public ImportedHub With(ImportedHub other) => new(
        PrivateKey ?? other.PrivateKey, ListenPort ?? other.ListenPort, Addresses.Count > 0 ? Addresses : other.Addresses,
        Mtu ?? other.Mtu, Endpoint ?? other.Endpoint, Dns.Count > 0 ? Dns : other.Dns);
}

/// <summary>A client or peer. Its private key, which some tools keep, is never read.</summary>
/// <param name="Key">Its public key as it stands there.</param>
/// <param name="AllowedIPs">Addresses and networks as they stand there.</param>
internal sealed record ImportedPeer(string? Name, string Key, Secret? PresharedKey, IReadOnlyList<string> AllowedIPs)
{
    public bool IsEnabled { get; init; } = true;

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A fixed endpoint, where the hub calls it; null for none.</summary>
    public string? CalledAt { get; init; }

    /// <summary>Sentences about what of it is not taken over.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    public ImportedPeer With(ImportedPeer other) => this with
    {
        Name = Name ?? other.Name,
        PresharedKey = PresharedKey ?? other.PresharedKey,
        IsEnabled = IsEnabled && other.IsEnabled,
        ExpiresAt = ExpiresAt ?? other.ExpiresAt,
        CalledAt = CalledAt ?? other.CalledAt,
        Remarks = [.. Remarks, .. other.Remarks],
    };
}
