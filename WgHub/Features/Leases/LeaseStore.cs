using System.Net;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Leases;

/// <summary>
/// Names and addresses in use. Uniqueness is the database's work (leases_by_name, leases_by_slot). Every method runs inside the
/// caller's transaction. Which address is free, <see cref="AddressPools"/> knows.
/// </summary>
internal sealed class LeaseStore(Database database)
{
    /// <summary>Where whoever reserves gives a name.</summary>
    private const string NameField = "spokeName";

    /// <summary>Sets or changes the networks. Everyone keeps their address.</summary>
    /// <exception cref="Web.AppException">NETWORK_IN_USE, with the names of those who would be outside.</exception>
    public void SetNetwork(Tx tx, HubId hub, HubPlace place)
    {
        FreeExpired(tx);
        tx.Execute($"delete from leases where spoke_id = {hub}");
        var network = place.Network;
        var outside = tx.Query(
            $"""
            select name from leases
            where hub_id = {hub} and (slot < {(long)network.FirstHost} or slot > {(long)network.LastHost} or slot = {(long)place.Address})
            order by name_key limit 100
            """,
            row => row.Text("name"));
        if (outside.Count > 0)
        {
            throw LeaseErrors.NetworkInUse(outside);
        }

        var ranges = AddressRanges.List(tx, hub).Where(range => !range.IsIn(network)).Select(range => $"{range} for '{range.Group}'").ToList();
        if (ranges.Count > 0)
        {
            throw LeaseErrors.RangesOutside(network, ranges);
        }

        // The hub holds its address by a lease too, under a name that no spoke can have: no rule needs to know it apart.
        tx.Execute(
            $"""
            insert into leases (spoke_id, hub_id, name, name_key, slot, address, address6, slot6)
            values ({hub}, {hub}, '', {$"#{hub}"}, {(long)place.Address}, {Ipv4Network.ToText(place.Address)}, {place.Kept6?.Address.ToString()},
                {(long?)place.Kept6?.Slot})
            """);
        AddressPools.Set(tx, hub, network, place.Network6);
        ChosenAddresses.KeepAll(tx, hub, place);
    }

    /// <summary>Takes the hub's network away again, after a set-up that did not work out.</summary>
    public void RemoveNetwork(Tx tx, HubId hub)
    {
        tx.Execute($"delete from address_pools where hub_id = {hub}");
        tx.Execute($"delete from leases where spoke_id = {hub}");
    }

    /// <summary>Reserves a name and addresses.</summary>
    /// <param name="heldUntil">When both are free again, unless a spoke has come: <see cref="Keep"/>.</param>
    /// <exception cref="Web.AppException">
    /// HUB_NOT_INITIALIZED, NAME_IN_USE, ADDRESS_IN_USE, ADDRESS_OUTSIDE_NETWORK, ADDRESS_RESERVED, ADDRESSES_EXHAUSTED.
    /// </exception>
    public Lease Reserve(Tx tx, HubId hub, string spokeId, SpokeName name, AddressWish wish, DateTimeOffset heldUntil)
    {
        var isFree = IsFree(tx, name); // before the pool is read: what ran out goes back to it
        var pool = AddressPools.Find(tx, hub) ?? throw LeaseErrors.HubNotInitialized();
        if (!isFree)
        {
            throw LeaseErrors.NameInUse(name.Text, NameField);
        }

        var (slot, kept) = AddressChoice.Choose(tx, pool, wish);
        var added = tx.Execute(
            $"""
            insert into leases (spoke_id, hub_id, name, name_key, slot, address, address6, slot6, held_until)
            select {spokeId}, {hub}, {name.Text}, {name.Key}, {(long)slot}, {Ipv4Network.ToText(slot)},
                {kept?.Address.ToString()}, {(long?)kept?.Slot}, {heldUntil}
            where {AddressChoice.AreFree(spokeId, slot, kept)}
            on conflict do nothing
            """);
        return added == 1 ? new(spokeId, name.Text, new(slot)) { Address6 = kept } : throw AddressChoice.InUse(tx, spokeId, slot, kept, wish);
    }

    /// <summary>Gives a spoke other addresses; its machine has the former ones until it is told.</summary>
    /// <returns>The lease as it is now.</returns>
    /// <exception cref="Web.AppException">ADDRESS_IN_USE, ADDRESS_OUTSIDE_NETWORK, ADDRESS_RESERVED.</exception>
    public Lease Move(Tx tx, string spokeId, AddressWish wish)
    {
        FreeExpired(tx);
        var (hub, before) = Held(tx, spokeId) ?? throw LeaseErrors.HubNotInitialized();
        var pool = AddressPools.Find(tx, hub) ?? throw LeaseErrors.HubNotInitialized();
        var isSameAddress = wish.Address is null || wish.Address == before.Address.Number;
        var (slot, kept) = AddressChoice.Choose(tx, pool, isSameAddress ? wish with { Address = before.Address.Number } : wish, isSameAddress);
        if (isSameAddress && kept == before.Address6)
        {
            return before;
        }

        GiveBack(tx, hub, before);
        var moved = tx.Execute(
            $"""
            update leases set slot = {(long)slot}, address = {Ipv4Network.ToText(slot)}, address6 = {kept?.Address.ToString()}, slot6 = {(long?)kept?.Slot},
                moved_at = {tx.Now}
            where spoke_id = {spokeId} and {AddressChoice.AreFree(spokeId, slot, kept)}
            """);
        return moved == 1 ? before with { Address = new(slot), Address6 = kept } : throw AddressChoice.InUse(tx, spokeId, slot, kept, wish);
    }

    /// <summary>Gives spokes that are there already what they have: as <see cref="Reserve"/> and <see cref="Keep"/>, for many at once.</summary>
    /// <returns>
    /// False when a name or an address of them is somebody else's by now, or not in the network: then the caller's transaction has to end.
    /// </returns>
    public bool TryKeepAll(Tx tx, HubId hub, IReadOnlyList<Lease> spokes)
    {
        FreeExpired(tx);
        if (AddressPools.Find(tx, hub) is not { } pool || !spokes.All(spoke => pool.Network.HasHost(spoke.Address.Number)))
        {
            return false;
        }

        var before = tx.Count($"select count(*) from leases");
        tx.ExecuteEach(
            spokes,
            spoke =>
                $"""
                insert into leases (spoke_id, hub_id, name, name_key, slot, address, address6, slot6)
                values ({spoke.SpokeId}, {hub}, {spoke.Name}, {SpokeName.KeyOf(spoke.Name)}, {(long)spoke.Address.Number}, {spoke.Address.ToString()},
                    {spoke.Address6?.Address.ToString()}, {(long?)spoke.Address6?.Slot})
                on conflict do nothing
                """);
        return tx.Count($"select count(*) from leases") - before == spokes.Count
            && ChosenAddresses.Clashes(tx).Count == 0;
    }

    /// <summary>True when no spoke and no open token has the name.</summary>
    public bool IsFree(Tx tx, SpokeName name)
    {
        FreeExpired(tx);
        return tx.Count($"select count(*) from leases where name_key = {name.Key}") == 0;
    }

    /// <summary>A spoke has come, by a token: it has the lease for as long as it lives, and is told its addresses.</summary>
    public void Keep(Tx tx, string spokeId) => tx.Execute($"update leases set held_until = null, moved_at = null where spoke_id = {spokeId}");

    /// <summary>The spoke's machine is told its addresses.</summary>
    public void Tell(Tx tx, string spokeId) => tx.Execute($"update leases set moved_at = null where spoke_id = {spokeId} and moved_at is not null");

    /// <summary>Gives name and addresses back. Nothing happens when there is no such lease.</summary>
    public void Free(Tx tx, string spokeId)
    {
        if (Held(tx, spokeId) is var (hub, lease))
        {
            tx.Execute($"delete from leases where spoke_id = {spokeId}");
            GiveBack(tx, hub, lease);
        }
    }

    private static void GiveBack(Tx tx, HubId hub, Lease lease)
    {
        AddressPools.GiveBack(tx, hub, lease.Address.Number);
        if (lease.Address6?.Slot is { } slot6)
        {
            AddressPools.GiveBack(tx, hub, slot6);
        }
    }

    /// <exception cref="Web.AppException">NAME_IN_USE.</exception>
    public void Rename(Tx tx, string spokeId, SpokeName name)
    {
        FreeExpired(tx);
        var changed = tx.Execute(
            $"""
            update leases set name = {name.Text}, name_key = {name.Key}
            where spoke_id = {spokeId}
                and not exists (select 1 from leases where name_key = {name.Key} and spoke_id <> {spokeId})
            """);
        if (changed == 0)
        {
            throw LeaseErrors.NameInUse(name.Text, "name");
        }
    }

    /// <summary>All names and addresses that are taken; a hub's own address has no name.</summary>
    public IReadOnlyList<Lease> Taken(Tx tx) => tx.Query(
        $"select spoke_id, hub_id, name, slot, address6, slot6 from leases where (held_until is null or held_until > {tx.Now})", row => Map(row).Lease);

    /// <summary>The hub's own lease and those of its spokes, without those that wait for theirs, by address.</summary>
    public IReadOnlyList<Lease> OfSpokes(HubId hub) => database.Read(tx => tx.Query(
        $"select spoke_id, hub_id, name, slot, address6, slot6 from leases where hub_id = {hub} and held_until is null order by slot", row => Map(row).Lease));

    /// <summary>The IPv6 address that follows from an IPv4 address; null when the hub has no network for it.</summary>
    public string? Address6Of(HubId hub, Ipv4Address address) => database.Read(tx => AddressPools.Find(tx, hub)?.Network6?.AddressFor(address.Number));

    /// <summary>Number of addresses of this machine's hub that are taken, its own among them, and of those that there are; null before the set-up.</summary>
    public (long Taken, long Total)? Usage() => database.Read(tx =>
        AddressPools.Find(tx, tx.OwnHub) is { } pool
            ? (tx.Count($"select count(*) from leases where hub_id = {tx.OwnHub}"), pool.Network.HostCount)
            : ((long, long)?)null);

    /// <summary>
    /// Gives back what tokens held that ran out unused. Done before anything is reserved, so a name and an address are free the moment their
    /// token expires.
    /// </summary>
    private void FreeExpired(Tx tx)
    {
        // Hub by hub, as the index is: else all that open tokens hold would be gone through.
        var hubs = tx.Query($"select hub_id from address_pools", row => new HubId(row.Text("hub_id")));
        var expired = hubs.SelectMany(hub =>
            tx.Query($"select spoke_id from leases where hub_id = {hub} and held_until <= {tx.Now}", row => row.Text("spoke_id")));
        foreach (var spokeId in expired)
        {
            Free(tx, spokeId);
        }
    }

    private static (HubId Hub, Lease Lease)? Held(Tx tx, string spokeId) => tx
        .Query($"select spoke_id, hub_id, name, slot, address6, slot6 from leases where spoke_id = {spokeId}", row => ((HubId, Lease)?)Map(row))
        .FirstOrDefault();

    private static (HubId Hub, Lease Lease) Map(Row row) => (
        new(row.Text("hub_id")),
        new(row.Text("spoke_id"), row.Text("name"), new((uint)row.Number("slot")))
        {
            Address6 = row.TextOrNull("address6") is { } address6 ? new(IPAddress.Parse(address6), (uint?)row.NumberOrNull("slot6")) : null,
        });
}
