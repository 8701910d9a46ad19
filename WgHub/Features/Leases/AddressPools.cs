using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Leases;

/// <param name="NextSlot">Every host address below it is taken, or kept for a group.</param>
internal sealed record AddressPool(HubId Hub, Ipv4Network Network, Ipv6Network? Network6, long NextSlot);

/// <summary>
/// Which address comes next. The smallest free one is found from a mark below which all is taken, so that it costs the same at any size;
/// each range has a mark of its own. All methods run inside the caller's transaction.
/// </summary>
internal static class AddressPools
{
    /// <returns>Null before the set-up.</returns>
    public static AddressPool? Find(Tx tx, HubId hub) => tx.First(
        $"select network, network6, next_slot from address_pools where hub_id = {hub}",
        row => new AddressPool(
            hub, Ipv4Network.Parse(row.Text("network")), Ipv6Network.TryParse(row.TextOrNull("network6"), out var six) ? six : null, row.Number("next_slot")));

    public static void Set(Tx tx, HubId hub, Ipv4Network network, Ipv6Network? network6) => tx.Execute(
        $"""
        insert into address_pools (hub_id, network, network6, next_slot)
        values ({hub}, {network.ToString()}, {network6?.ToString()}, {(long)network.FirstHost})
        on conflict (hub_id) do update set network = excluded.network, network6 = excluded.network6, next_slot = excluded.next_slot
        """);

    /// <summary>What is free may lie anywhere: the next one is looked for from the beginning.</summary>
    public static void LookAgain(Tx tx, HubId hub) => tx.Execute($"update address_pools set next_slot = 0 where hub_id = {hub}");

    /// <summary>The smallest free address: of the group's ranges if it has any, else of what is kept for nobody.</summary>
    /// <exception cref="Web.AppException">ADDRESSES_EXHAUSTED.</exception>
    public static uint Take(Tx tx, AddressPool pool, string? group)
    {
        var ranges = AddressRanges.List(tx, pool.Hub);
        var own = ranges.Where(range => range.Group == group).ToList();
        return own.Count > 0 ? TakeOf(tx, pool.Hub, own) : TakeBeside(tx, pool, ranges);
    }

    /// <summary>The address is free again: the mark above it comes down to it.</summary>
    public static void GiveBack(Tx tx, HubId hub, long slot)
    {
        tx.Execute(
            $"""
            update address_ranges set next_slot = {slot}
            where hub_id = {hub} and first_slot <= {slot} and last_slot >= {slot} and next_slot > {slot}
            """);
        tx.Execute(
            $"""
            update address_pools set next_slot = {slot} where hub_id = {hub} and next_slot > {slot} and not exists (
                select 1 from address_ranges where address_ranges.hub_id = {hub} and first_slot <= {slot} and last_slot >= {slot})
            """);
    }

    private static uint TakeOf(Tx tx, HubId hub, List<AddressRange> own)
    {
        foreach (var range in own)
        {
            var first = (long)range.First.Number;
            var mark = tx.Count($"select next_slot from address_ranges where hub_id = {hub} and first_slot = {first}");
            if (mark <= range.Last.Number && FirstFree(tx, mark) is var free && free <= range.Last.Number)
            {
                tx.Execute($"update address_ranges set next_slot = {free + 1} where hub_id = {hub} and first_slot = {first}");
                return (uint)free;
            }
        }

        throw LeaseErrors.RangeExhausted(own[0].Group, [.. own.Select(range => range.ToString())]);
    }

    private static uint TakeBeside(Tx tx, AddressPool pool, IReadOnlyList<AddressRange> ranges)
    {
        var free = Math.Max(pool.NextSlot, pool.Network.FirstHost);
        for (var next = -1L; next != free;)
        {
            next = free;
            free = ranges.FirstOrDefault(range => range.Has(next)) is { } kept ? kept.Last.Number + 1L : FirstFree(tx, next);
        }

        if (free > pool.Network.LastHost)
        {
            throw LeaseErrors.AddressesExhausted(pool.Network, ranges.Count > 0);
        }

        tx.Execute($"update address_pools set next_slot = {free + 1} where hub_id = {pool.Hub}");
        return (uint)free;
    }

    /// <summary>The smallest number from this one on that no lease has. Costs as much as there are taken ones in a row before it.</summary>
    private static long FirstFree(Tx tx, long from) => !tx.Exists($"select 1 from leases where slot = {from} or slot6 = {from}") ? from : tx.Count(
        $"""
        select free from (
            select free from (select slot + 1 as free from leases where slot >= {from}
                and not exists (select 1 from leases as next where next.slot = leases.slot + 1 or next.slot6 = leases.slot + 1)
                order by slot limit 1) as behind
            union all
            select free from (select slot6 + 1 as free from leases where slot6 >= {from}
                and not exists (select 1 from leases as next where next.slot = leases.slot6 + 1 or next.slot6 = leases.slot6 + 1)
                order by slot6 limit 1) as behind6
        ) as candidates
        order by free limit 1
        """);
}
