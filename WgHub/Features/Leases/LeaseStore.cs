using System.Net;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Leases;

/// <summary>A name and an address that a spoke, or the token for one, holds.</summary>
internal sealed record Lease(string SpokeId, string Name, Ipv4Address Address)
{
    /// <summary>Its IPv6 address, where that does not follow from the IPv4 one.</summary>
    public KeptAddress6? Address6 { get; init; }
}

/// <summary>An IPv6 address that was there before the hub.</summary>
/// <param name="Slot">The IPv4 address that it would follow from, so that nobody else gets that; null for none.</param>
internal sealed record KeptAddress6(IPAddress Address, uint? Slot)
{
    /// <returns>Null when the hub would give the same.</returns>
    public static KeptAddress6? Of(IPAddress? address, uint ipv4, Ipv6Network? network6, Ipv4Network network) =>
        address is null || network6 is not { } six || six.AddressFor(ipv4) == address.ToString() ? null : new(address, six.Ipv4Of(address, network));
}

/// <summary>
/// Names and addresses in use. Uniqueness is the database's work (leases_by_name, leases_by_slot). Every method runs inside the
/// caller's transaction. The smallest free address is found from a mark below which all is taken, so that it costs the same at any size.
/// </summary>
internal sealed class LeaseStore(Database database)
{
    /// <summary>Where whoever reserves gives a name, and an address.</summary>
    private const string NameField = "spokeName";
    private const string WishField = "customIP";

    /// <summary>Sets or changes the network. Everyone keeps their address.</summary>
    /// <exception cref="Web.AppException">NETWORK_IN_USE, with the names of those outside of <paramref name="network"/>.</exception>
    public void SetNetwork(Tx tx, HubId hub, Ipv4Network network, uint hubAddress, KeptAddress6? hubAddress6)
    {
        FreeExpired(tx);
        tx.Execute($"delete from leases where spoke_id = {hub}");
        var outside = tx.Query(
            $"""
            select name from leases
            where hub_id = {hub} and (slot < {(long)network.FirstHost} or slot > {(long)network.LastHost} or slot = {(long)hubAddress})
            order by name_key limit 100
            """,
            row => row.Text("name"));
        if (outside.Count > 0)
        {
            throw LeaseErrors.NetworkInUse(outside);
        }

        // The hub holds its address by a lease too, under a name that no spoke can have: no rule needs to know it apart.
        tx.Execute(
            $"""
            insert into leases (spoke_id, hub_id, name, name_key, slot, address, address6, slot6)
            values ({hub}, {hub}, '', {$"#{hub}"}, {(long)hubAddress}, {Ipv4Network.ToText(hubAddress)}, {hubAddress6?.Address.ToString()},
                {(long?)hubAddress6?.Slot})
            """);
        tx.Execute(
            $"""
            insert into address_pools (hub_id, network, next_slot)
            values ({hub}, {network.ToString()}, {(long)network.FirstHost})
            on conflict (hub_id) do update set network = excluded.network, next_slot = excluded.next_slot
            """);
    }

    /// <summary>Takes the hub's network away again, after a set-up that did not work out.</summary>
    public void RemoveNetwork(Tx tx, HubId hub)
    {
        tx.Execute($"delete from address_pools where hub_id = {hub}");
        tx.Execute($"delete from leases where spoke_id = {hub}");
    }

    /// <summary>Reserves a name and an address.</summary>
    /// <param name="wish">The address asked for; null for the smallest free one.</param>
    /// <param name="heldUntil">When both are free again, unless a spoke has come: <see cref="Keep"/>.</param>
    /// <exception cref="Web.AppException">HUB_NOT_INITIALIZED, NAME_IN_USE, ADDRESS_IN_USE, ADDRESS_OUTSIDE_NETWORK, ADDRESSES_EXHAUSTED.</exception>
    public Lease Reserve(Tx tx, HubId hub, string spokeId, SpokeName name, uint? wish, DateTimeOffset heldUntil)
    {
        var isFree = IsFree(tx, name); // before the pool is read: what ran out goes back to it
        var pool = FindPool(tx, hub) ?? throw LeaseErrors.HubNotInitialized();
        if (!isFree)
        {
            throw LeaseErrors.NameInUse(name.Text, NameField);
        }

        var slot = wish ?? SmallestFree(tx, hub, pool);
        var address = Ipv4Network.ToText(slot);
        if (!pool.Network.HasHost(slot))
        {
            throw LeaseErrors.AddressOutside(address, pool.Network, WishField);
        }

        var added = tx.Execute(
            $"""
            insert into leases (spoke_id, hub_id, name, name_key, slot, address, held_until)
            select {spokeId}, {hub}, {name.Text}, {name.Key}, {(long)slot}, {address}, {heldUntil}
            where not exists (select 1 from leases where slot6 = {(long)slot})
            on conflict do nothing
            """);
        return added == 1 ? new(spokeId, name.Text, new(slot)) : throw LeaseErrors.AddressInUse(address, WishField);
    }

    /// <summary>Gives spokes that are there already what they have: as <see cref="Reserve"/> and <see cref="Keep"/>, for many at once.</summary>
    /// <returns>
    /// False when a name or an address of them is somebody else's by now, or not in the network: then the caller's transaction has to end.
    /// </returns>
    public bool TryKeepAll(Tx tx, HubId hub, IReadOnlyList<Lease> spokes)
    {
        FreeExpired(tx);
        if (FindPool(tx, hub) is not { } pool || !spokes.All(spoke => pool.Network.HasHost(spoke.Address.Number)))
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
            && !tx.Exists($"select 1 from leases as kept join leases as other on other.slot = kept.slot6 where other.address6 is null");
    }

    /// <summary>True when no spoke and no open token has the name.</summary>
    public bool IsFree(Tx tx, SpokeName name)
    {
        FreeExpired(tx);
        return tx.Count($"select count(*) from leases where name_key = {name.Key}") == 0;
    }

    /// <summary>A spoke has come: it has the lease for as long as it lives.</summary>
    public void Keep(Tx tx, string spokeId) => tx.Execute($"update leases set held_until = null where spoke_id = {spokeId}");

    /// <summary>Gives name and address back. Nothing happens when there is no such lease.</summary>
    public void Free(Tx tx, string spokeId)
    {
        tx.Execute(
            $"""
            update address_pools set next_slot = case when leases.slot6 < leases.slot then leases.slot6 else leases.slot end from leases
            where leases.spoke_id = {spokeId} and address_pools.hub_id = leases.hub_id
                and (leases.slot < address_pools.next_slot or leases.slot6 < address_pools.next_slot)
            """);
        tx.Execute($"delete from leases where spoke_id = {spokeId}");
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
        $"select spoke_id, name, slot, address6, slot6 from leases where (held_until is null or held_until > {tx.Now})",
        row => new Lease(row.Text("spoke_id"), row.Text("name"), new((uint)row.Number("slot")))
        {
            Address6 = row.TextOrNull("address6") is { } address6 ? new(IPAddress.Parse(address6), (uint?)row.NumberOrNull("slot6")) : null,
        });

    /// <summary>Number of addresses of this machine's hub that are taken, its own among them, and of those that there are; null before the set-up.</summary>
    public (long Taken, long Total)? Usage() => database.Read(tx =>
        FindPool(tx, tx.OwnHub) is { } pool
            ? (tx.Count($"select count(*) from leases where hub_id = {tx.OwnHub}"), pool.Network.HostCount)
            : ((long, long)?)null);

    /// <summary>
    /// Gives back what tokens held that ran out unused. Done before anything is reserved, so a name and an address are free the moment their
    /// token expires.
    /// </summary>
    private void FreeExpired(Tx tx)
    {
        foreach (var spokeId in tx.Query($"select spoke_id from leases where held_until <= {tx.Now}", row => row.Text("spoke_id")))
        {
            Free(tx, spokeId);
        }
    }

    /// <summary>The first address from the mark on that nobody has; the mark moves behind it.</summary>
    private uint SmallestFree(Tx tx, HubId hub, Pool pool)
    {
        var isTaken = tx.Exists($"select 1 from leases where slot = {pool.NextSlot} or slot6 = {pool.NextSlot}");
        var free = !isTaken ? pool.NextSlot : tx.Count(
            $"""
            select free from (
                select free from (select slot + 1 as free from leases where slot >= {pool.NextSlot}
                    and not exists (select 1 from leases as next where next.slot = leases.slot + 1 or next.slot6 = leases.slot + 1)
                    order by slot limit 1) as behind
                union all
                select free from (select slot6 + 1 as free from leases where slot6 >= {pool.NextSlot}
                    and not exists (select 1 from leases as next where next.slot = leases.slot6 + 1 or next.slot6 = leases.slot6 + 1)
                    order by slot6 limit 1) as behind6
            ) as candidates
            order by free limit 1
            """);
        if (free > pool.Network.LastHost)
        {
            throw LeaseErrors.AddressesExhausted(pool.Network);
        }

        tx.Execute($"update address_pools set next_slot = {free + 1} where hub_id = {hub}");
        return (uint)free;
    }

    private Pool? FindPool(Tx tx, HubId hub) => tx.First(
        $"select network, next_slot from address_pools where hub_id = {hub}",
        row => new Pool(Ipv4Network.Parse(row.Text("network")), row.Number("next_slot")));

    private sealed record Pool(Ipv4Network Network, long NextSlot);
}
