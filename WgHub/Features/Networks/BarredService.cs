using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Storage;
using WgHub.Web;

namespace WgHub.Features.Networks;

/// <summary>Keeps the list of what must never be reached through the hub. It wins over every rule.</summary>
internal sealed class BarredService(Database database, NetworkStore networks, PeerChanges changes, HubGround ground)
{
    public const int Most = 500;
    public const int LongestNote = 200;

    /// <summary>Puts a list in the place of the one before. One network may lie in another one.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, NETWORK_OVERLAP: it would bar spokes from the hub; HUB_NOT_INITIALIZED.</exception>
    /// <exception cref="WireGuard.WgException">The list is kept; the next pass brings it to the kernel.</exception>
    public async Task<IReadOnlyList<BarredNetwork>> SetAsync(BarredWish wish, Actor actor, CancellationToken cancellationToken)
    {
        var barred = Read(wish);
        var now = await database.WriteAsync(
            actor,
            tx =>
            {
                var own = ground.Find(tx) ?? throw LeaseErrors.HubNotInitialized();
                barred.ForEach(one => NetworkRules.RefuseOwn(one.Cidr, own.Networks, "networks"));
                var before = networks.Barred(tx, tx.OwnHub);
                networks.SetBarred(tx, tx.OwnHub, barred);
                var (added, gone) = (Texts(barred).Except(Texts(before)).ToList(), Texts(before).Except(Texts(barred)).ToList());
                if (added.Count + gone.Count > 0)
                {
                    tx.Audit(
                        AuditEvents.NetworksBarred, Subject.One(tx.OwnHub.Value),
                        ("barred", string.Join(", ", added)), ("noLongerBarred", string.Join(", ", gone)));
                }

                return networks.Barred(tx, tx.OwnHub);
            },
            cancellationToken);
        await changes.MirrorAllAsync(database.OwnHub, cancellationToken);
        return now;
    }

    private static List<BarredNetwork> Read(BarredWish wish)
    {
        var checks = new FieldChecks();
        if (wish.Networks is not { Count: <= Most } all)
        {
            throw WebErrors.Invalid("networks", $"A list of at most {Most} networks, which may be empty.");
        }

        List<BarredNetwork> read = [];
        foreach (var one in all)
        {
            var note = one?.Note?.Trim() ?? "";
            if (note.Length > LongestNote || note.Any(char.IsControl))
            {
                checks.Fail("networks", $"A note of at most {LongestNote} characters, no control characters.");
            }

            read.Add(new(NetworkRules.ReadBarred(checks, "networks", one?.Cidr), note));
        }

        checks.ThrowIfAny();
        return read.DistinctBy(one => one.Cidr).Count() == read.Count ? read : throw WebErrors.Invalid("networks", "One of the networks stands there twice.");
    }

    private static IEnumerable<string> Texts(IEnumerable<BarredNetwork> barred) => barred.Select(one => one.Cidr.ToString());
}
