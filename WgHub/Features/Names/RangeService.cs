using WgHub.Features.Audit;
using WgHub.Features.Hub;
using WgHub.Features.Leases;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Names;

/// <param name="Taken">Number of its addresses that somebody has.</param>
internal sealed record RangeState(AddressRange Range, long Taken);

/// <summary>Which addresses are kept for the spokes of which group.</summary>
internal sealed class RangeService(Database database, HubStore hubs)
{
    /// <exception cref="AppException">HUB_NOT_INITIALIZED.</exception>
    public IReadOnlyList<RangeState> List()
    {
        var hub = hubs.Required().Id;
        return database.Read(tx => List(tx, hub));
    }

    /// <summary>These and no others. Whoever has an address keeps it, also in a range that is somebody else's now.</summary>
    /// <exception cref="AppException">HUB_NOT_INITIALIZED, VALIDATION_FAILED, ADDRESS_OUTSIDE_NETWORK.</exception>
    public Task<IReadOnlyList<RangeState>> ChangeAsync(ChangeRanges wish, Actor actor, CancellationToken cancellationToken) => database.WriteAsync(
        actor,
        tx =>
        {
            var hub = hubs.Find(tx, tx.OwnHub) ?? throw HubErrors.NotInitialized();
            var (before, after) = (AddressRanges.List(tx, hub.Id), wish.Parse(hub.Network));
            if (!before.SequenceEqual(after))
            {
                AddressRanges.Set(tx, hub.Id, after);
                tx.Audit(AuditEvents.HubChanged, Subject.One(hub.Id.Value), ("ranges", $"{Told(before)} → {Told(after)}"));
            }

            return List(tx, hub.Id);
        },
        cancellationToken);

    private static IReadOnlyList<RangeState> List(Tx tx, HubId hub) =>
        [.. AddressRanges.List(tx, hub).Select(range => new RangeState(range, AddressRanges.Taken(tx, range)))];

    private static string Told(IReadOnlyList<AddressRange> ranges) =>
        ranges.Count == 0 ? "none" : string.Join(", ", ranges.Select(range => $"{range} {range.Group}"));
}
