using WgHub.Features.Audit;
using WgHub.Features.Hub;
using WgHub.Features.Leases;
using WgHub.Features.Networks;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>The spokes of a plan, ready to be written: what costs time was done before.</summary>
internal sealed record ImportBatch(ImportPlan Plan, IReadOnlyList<Lease> Leases, IReadOnlyList<NewSpoke> Spokes);

/// <summary>Writes the spokes of a plan, inside the caller's transaction: with few statements, since everybody else's change waits for it.</summary>
internal sealed class SpokeImport(Database database, HubStore hubs, LeaseStore leases, SpokeStore spokes, NetworkStore networks, TimeProvider time)
{
    private const int LongestNote = 200;

    public ImportBatch Prepare(ImportPlan plan)
    {
        var now = time.GetUtcNow();
        var added = plan.Spokes.Where(planned => planned.IsAdded).Select(planned => (Planned: planned, Spoke: SpokeOf(planned, now))).ToList();
        return new(
            plan,
            [.. added.Select(one => new Lease(one.Spoke.Id, one.Spoke.Name, one.Spoke.Address) { Address6 = one.Planned.Address6 })],
            [.. added.Select(one => spokes.Prepare(one.Spoke, one.Planned.PresharedKey))]);
    }

    /// <exception cref="Web.AppException">PLAN_CHANGED: what the plan leans on is not so any more.</exception>
    public ImportDone Add(Tx tx, ImportBatch batch)
    {
        if (!StillHolds(tx, batch) || !leases.TryKeepAll(tx, tx.OwnHub, batch.Leases) || !spokes.TryAddAll(tx, tx.OwnHub, batch.Spokes)
            || !networks.TryAddAll(tx, tx.OwnHub, [.. NetworksOf(batch)]))
        {
            throw ImportErrors.Changed();
        }

        tx.AuditEach(
            AuditEvents.SpokeImported, batch.Spokes, added => added.Spoke.Subject,
            added =>
            [
                ("publicKey", added.Spoke.Key.ToString()), ("address", added.Spoke.Address.ToString()),
                ("networks", string.Join(',', added.Spoke.Networks)), ("from", batch.Plan.Source.Kind),
            ]);
        return new(batch.Plan.Added, batch.Plan.Known, batch.Plan.LeftOut);
    }

    /// <summary>Takes back what <see cref="Add"/> wrote.</summary>
    public void Remove(Tx tx, ImportBatch batch)
    {
        foreach (var added in batch.Leases)
        {
            networks.RemoveBehind(tx, added.SpokeId);
            spokes.Remove(tx, added.SpokeId);
            leases.Free(tx, added.SpokeId);
        }
    }

    /// <summary>
    /// The hub's network is as it was, and nobody has got a network since that one of these has. Names, addresses and keys are the indexes' work.
    /// </summary>
    private bool StillHolds(Tx tx, ImportBatch batch)
    {
        var target = batch.Plan.Target!;
        if (hubs.Find(tx, tx.OwnHub) is not { } hub || hub.Network != target.Network || hub.Network6 != target.Network6)
        {
            return false;
        }

        var taken = new NetworkSet(networks.All(tx, hub.Id).Select(network => network.Cidr));
        return !NetworksOf(batch).Any(one => taken.Overlaps(one.Network));
    }

    private static IEnumerable<(string SpokeId, string SpokeName, Cidr Network)> NetworksOf(ImportBatch batch) =>
        batch.Spokes.SelectMany(added => added.Spoke.Networks, (added, network) => (added.Spoke.Id, added.Spoke.Name, network));

    private Spoke SpokeOf(PlannedSpoke planned, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now).ToString(),
        Hub = database.OwnHub,
        Name = planned.Name.Text,
        Address = new(planned.Address!.Value),
        Address6 = planned.Address6?.Address,
        Key = planned.Key!.Value,
        Os = Platforms.Other,
        Enabled = planned.Source.IsEnabled,
        ExpiresAt = planned.Source.ExpiresAt,
        RegisteredAt = now,
        Networks = planned.Networks,
        Notes = NoteOf(planned),
    };

    /// <summary>What it was called, where a name here cannot hold that.</summary>
    private static string NoteOf(PlannedSpoke planned)
    {
        var name = new string([.. (planned.Source.Name ?? "").Where(c => !char.IsControl(c)).Take(LongestNote)]).Trim();
        return name == planned.Name.Text ? "" : name;
    }
}
