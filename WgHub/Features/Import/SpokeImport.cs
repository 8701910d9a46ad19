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

    public ImportDone Add(Tx tx, ImportPlan plan)
    {
        var now = tx.Now;
        foreach (var planned in plan.Spokes.Where(planned => planned.IsAdded))
        {
            var id = Guid.CreateVersion7(now).ToString();
            var lease = leases.Reserve(tx, tx.OwnHub, id, planned.Name, planned.Address, now);
            leases.Keep(tx, id);
            var spoke = new Spoke
            {
                Id = id,
                Hub = tx.OwnHub,
                Name = lease.Name,
                Address = lease.Address,
                Key = planned.Key!.Value,
                Os = Platforms.Other,
                Enabled = planned.Source.IsEnabled,
                ExpiresAt = planned.Source.ExpiresAt,
                RegisteredAt = now,
            };
            spokes.Add(tx, spoke, planned.PresharedKey, NoToken);
            spokes.Update(tx, spoke); // its expiry
            spokes.SetNetworks(tx, id, planned.Networks);
            tx.Audit(
                AuditEvents.SpokeImported, id,
                ("name", spoke.Name), ("publicKey", spoke.Key.ToString()), ("address", spoke.Address.ToString()),
                ("networks", SpokeNetworks.ToText(planned.Networks)), ("from", plan.Source.Kind));
        }

        return new(plan.Added, plan.Known, plan.LeftOut);
    }

    /// <summary>Takes back what <see cref="Add"/> wrote.</summary>
    public void Remove(Tx tx, ImportPlan plan)
    {
        foreach (var planned in plan.Spokes.Where(planned => planned.IsAdded))
        {
            if (spokes.FindByKey(tx, tx.OwnHub, planned.Key!.Value) is { } spoke)
            {
                spokes.Remove(tx, spoke.Id);
                leases.Free(tx, spoke.Id);
            }
        }
    }
}
