using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Spokes;
using WgHub.Features.Tokens;
using WgHub.Storage;

namespace WgHub.Features.Import;

/// <summary>Writes the spokes of a plan, inside the caller's transaction.</summary>
internal sealed class SpokeImport(LeaseStore leases, SpokeStore spokes)
{
    /// <summary>They came without a token.</summary>
    private const string NoToken = "";

    public void Add(Tx tx, ImportPlan plan)
    {
        var now = tx.Now;
        foreach (var planned in plan.Spokes.Where(planned => planned.IsAdded))
        {
            var id = Guid.CreateVersion7(now).ToString();
            var lease = leases.Reserve(tx, id, planned.Name, planned.Address, now);
            leases.Keep(tx, id);
            var spoke = new Spoke(
                id, lease.Name, lease.Address, planned.Key!.Value, Platforms.Other, planned.Source.IsEnabled, planned.Source.ExpiresAt, null, "", false, null, null, null, "{}", now, null, 0, 0, null);
            spokes.Add(tx, spoke, planned.PresharedKey, NoToken);
            spokes.Update(tx, spoke); // its expiry
            spokes.SetNetworks(tx, id, planned.Networks);
            tx.Audit(AuditEvents.SpokeImported, id,
                ("name", spoke.Name), ("publicKey", spoke.Key.ToString()), ("address", spoke.Address), ("networks", SpokeNetworks.ToText(planned.Networks)), ("from", plan.Source.Kind));
        }
    }

    /// <summary>Takes back what <see cref="Add"/> wrote.</summary>
    public void Remove(Tx tx, ImportPlan plan)
    {
        foreach (var planned in plan.Spokes.Where(planned => planned.IsAdded))
        {
            if (spokes.FindByKey(tx, planned.Key!.Value) is { } spoke)
            {
                spokes.Remove(tx, spoke.Id);
                leases.Free(tx, spoke.Id);
            }
        }
    }
}
