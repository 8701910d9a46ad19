using WgHub.Features.Leases;
using WgHub.Features.Networks;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>What this hub has already, and an import has to fit in with.</summary>
/// <param name="Names">In use, by <see cref="SpokeName.Key"/>.</param>
/// <param name="Addresses">In use, each with its owner's name; the hub's own has none.</param>
/// <param name="Spokes">Names by public key.</param>
/// <param name="Networks">Behind spokes and the hub.</param>
/// <param name="Routes">Where this machine gets by another way than the hub's interface.</param>
internal sealed record PresentState(
    IReadOnlySet<string> Names, IReadOnlyDictionary<uint, string> Addresses, IReadOnlyDictionary<PublicKey, string> Spokes,
    IReadOnlyList<Cidr> Networks, IReadOnlyList<Cidr> Routes)
{
    public static readonly PresentState Empty = new(new HashSet<string>(), new Dictionary<uint, string>(), new Dictionary<PublicKey, string>(), [], []);

    /// <summary>Who has which name and address; what <see cref="Addresses"/> says, and the IPv6 addresses that do not follow from it.</summary>
    public IReadOnlyList<Lease> Leases { get; init; } = [];

    public static PresentState Read(Tx tx, LeaseStore leases, NetworkStore networks, IReadOnlyList<Cidr> routes)
    {
        var taken = leases.Taken(tx);
        var known = SpokeStore.Known(tx, tx.OwnHub);
        return new(
            taken.Select(lease => SpokeName.KeyOf(lease.Name)).ToHashSet(),
            taken.ToDictionary(lease => lease.Address.Number, lease => lease.Name),
            known.ToDictionary(spoke => spoke.Key, spoke => spoke.Name),
            [.. networks.All(tx, tx.OwnHub).Select(network => network.Cidr)],
            routes)
        {
            Leases = taken,
        };
    }
}
