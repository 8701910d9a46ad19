using Microsoft.Data.Sqlite;
using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;

namespace WgHub.Features.Import;

/// <summary>Writes the spokes of a plan, inside the caller's transaction.</summary>
internal sealed class SpokeImport(LeaseStore leases, SpokeStore spokes, AuditLog audit, TimeProvider time)
{
    /// <summary>They came without a token.</summary>
    private const string NoToken = "";

    public void Add(SqliteConnection db, ImportPlan plan, Actor actor)
    {
        var now = time.GetUtcNow();
        foreach (var planned in plan.Spokes.Where(planned => planned.IsAdded))
        {
            var id = Guid.CreateVersion7(now).ToString();
            var lease = leases.Reserve(db, id, planned.Name, planned.Address, now);
            leases.Keep(db, id);
            var spoke = new Spoke(
                id, lease.Name, lease.Address, planned.Key!.Value, Platforms.Other, planned.Source.IsEnabled, planned.Source.ExpiresAt, null, "", false, null, null, null, "{}", now, null, 0, 0, null);
            spokes.Add(db, spoke, planned.PresharedKey, NoToken);
            spokes.Update(db, spoke); // its expiry
            spokes.SetNetworks(db, id, planned.Networks);
            audit.Append(
                db, actor, "spoke.imported", id,
                ("name", spoke.Name), ("publicKey", spoke.Key.ToString()), ("address", spoke.Address), ("networks", SpokeNetworks.ToText(planned.Networks)), ("from", plan.Source.Kind));
        }
    }

    /// <summary>Takes back what <see cref="Add"/> wrote.</summary>
    public void Remove(SqliteConnection db, ImportPlan plan)
    {
        foreach (var planned in plan.Spokes.Where(planned => planned.IsAdded))
        {
            if (spokes.FindByKey(db, planned.Key!.Value) is { } spoke)
            {
                spokes.Remove(db, spoke.Id);
                leases.Free(db, spoke.Id);
            }
        }
    }
}
