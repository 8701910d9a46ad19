using WgHub.Features.Audit;
using WgHub.Features.Leases;
using WgHub.Features.Routes;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Spokes;

/// <summary>Changes and removes spokes. An answer comes when the interface agrees.</summary>
internal sealed class SpokeService(
    Database database, SpokeStore spokes, LeaseStore leases, PeerChanges changes, LivePeers live, OwnHubRoutes hubRoutes)
{
    /// <exception cref="AppException">NOT_FOUND, VALIDATION_FAILED, NAME_IN_USE, and those of <see cref="LeaseStore.Move"/>.</exception>
    /// <exception cref="WgException">The change is kept; the next pass puts it on the interface.</exception>
    public async Task<Spoke> ChangeAsync(string id, ChangeSpoke request, Actor actor, CancellationToken cancellationToken)
    {
        var edit = new SpokeEdit(request);
        var (before, after) = await database.WriteAsync(actor, tx => Change(tx, spokes.Find(tx, id) ?? throw SpokeErrors.NotFound(), edit), cancellationToken);
        NoteBack(before, after);
        if (IsOtherPeer(before, after))
        {
            await changes.MirrorAsync(after.Hub, after.Key, cancellationToken);
        }

        return live.Refresh(after);
    }

    /// <summary>Changes the rows inside the caller's transaction; when <see cref="IsOtherPeer"/>, the interface has to follow its commit.</summary>
    /// <exception cref="AppException">NAME_IN_USE; VALIDATION_FAILED when it would have too many tags, or route the hub's own endpoint.</exception>
    public (Spoke Before, Spoke After) Change(Tx tx, Spoke spoke, SpokeEdit edit)
    {
        var changed = edit.ApplyTo(spoke);
        if (edit.AddressesFor(changed) is { } wish)
        {
            changed = Move(tx, changed, wish);
        }

        if (changed != spoke)
        {
            if (changed.Name != spoke.Name)
            {
                leases.Rename(tx, spoke.Id, edit.Name!);
            }

            hubRoutes.Checked(edit.Routes);
            spokes.Update(tx, changed);
            if (changed.IsWantedAt(tx.Now) && !spoke.IsWantedAt(tx.Now))
            {
                spokes.BeginAnew(tx, spoke.Hub, spoke.Id);
            }

            tx.Audit(AuditEvents.SpokeChanged, changed.Subject, [.. SpokeEdit.Differences(spoke, changed)]);
            changed = spokes.Find(tx, spoke.Id)!; // with what another group says of its routes
        }

        return (spoke, changed);
    }

    /// <summary>Somebody has brought the routes to its machine by hand.</summary>
    /// <exception cref="AppException">NOT_FOUND.</exception>
    public Task HoldRoutesAsync(string id, Actor actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            actor,
            tx =>
            {
                var spoke = spokes.Find(tx, id) ?? throw SpokeErrors.NotFound();
                if (hubRoutes.Now?.TextOf(spoke.WantedRoutes) is { } routes && routes != spoke.HeldRoutes)
                {
                    spokes.HoldRoutes(tx, id, routes);
                    tx.Audit(AuditEvents.SpokeRouted, spoke.Subject, ("routes", routes));
                }
            },
            cancellationToken);

    /// <summary>After the commit, and before the interface is asked to follow: who was let in again is called there.</summary>
    public void NoteBack(Spoke before, Spoke after)
    {
        if (before.HandshakesFrom != after.HandshakesFrom)
        {
            changes.Of(after.Hub).NoteBack(after.Key);
        }
    }

    /// <summary>True when the interface may have to hold it now, or no longer, or with other addresses, or its firewall knows it by its group.</summary>
    public static bool IsOtherPeer(Spoke before, Spoke after) =>
        before.Enabled != after.Enabled || before.ExpiresAt != after.ExpiresAt || before.Labels.Group != after.Labels.Group
        || before.Address != after.Address || !Equals(before.Address6, after.Address6);

    /// <summary>Takes the spoke off the interface and frees its name and address.</summary>
    /// <exception cref="AppException">NOT_FOUND.</exception>
    /// <exception cref="WgException">The row is gone; the next pass takes the peer off.</exception>
    public async Task RemoveAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        var removed = await database.WriteAsync(
            actor,
            tx =>
            {
                var spoke = spokes.Find(tx, id) ?? throw SpokeErrors.NotFound();
                Remove(tx, spoke, AuditEvents.SpokeRemoved);
                return spoke;
            },
            cancellationToken);
        await TakeOffAsync(removed.Hub, removed.Key, cancellationToken);
    }

    /// <summary>After the commit of a removal: forgets the peer and waits until it is off the interface.</summary>
    /// <exception cref="WgException">The next pass takes it off.</exception>
    public Task TakeOffAsync(HubId hub, PublicKey key, CancellationToken cancellationToken)
    {
        live.Remove(key);
        return changes.MirrorAsync(hub, key, cancellationToken);
    }

    /// <summary>Removes the rows inside the caller's transaction; <see cref="TakeOffAsync"/> follows its commit.</summary>
    public void Remove(Tx tx, Spoke spoke, AuditEvent @event)
    {
        spokes.Remove(tx, spoke.Id);
        leases.Free(tx, spoke.Id);
        tx.Audit(
            @event, spoke.Subject, ("address", spoke.Address.ToString()), ("publicKey", spoke.Key.ToString()),
            ("group", spoke.Labels.Group)); // whoever is told of a group's spokes is told of the last thing that happens to one, too
    }

    private Spoke Move(Tx tx, Spoke spoke, AddressWish wish)
    {
        var lease = leases.Move(tx, spoke.Id, wish);
        var moved = spoke with { Address = lease.Address, Address6 = lease.Address6?.Address };
        return moved == spoke ? spoke : moved with { MovedAt = tx.Now };
    }
}
