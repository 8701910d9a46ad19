using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Leases;

/// <summary>Addresses that are kept for the spokes of a group, both ends included. A group may have several.</summary>
internal sealed record AddressRange(string Group, Ipv4Address First, Ipv4Address Last)
{
    public long Count => (long)Last.Number - First.Number + 1;

    public bool IsIn(Ipv4Network network) => network.HasHost(First.Number) && network.HasHost(Last.Number);

    public bool Has(long slot) => slot >= First.Number && slot <= Last.Number;

    public bool Overlaps(AddressRange other) => Has(other.First.Number) || other.Has(First.Number);

    public override string ToString() => $"{First}-{Last}";
}

/// <summary>The table of ranges; all methods run inside the caller's transaction.</summary>
internal static class AddressRanges
{
    /// <summary>By address.</summary>
    public static IReadOnlyList<AddressRange> List(Tx tx, HubId hub) => tx.Query(
        $"select group_name, first_slot, last_slot from address_ranges where hub_id = {hub} order by first_slot",
        row => new AddressRange(row.Text("group_name"), new((uint)row.Number("first_slot")), new((uint)row.Number("last_slot"))));

    /// <summary>The range that holds an address; null for none.</summary>
    public static AddressRange? Around(Tx tx, HubId hub, long slot) => List(tx, hub).FirstOrDefault(range => range.Has(slot));

    /// <summary>These and no others. Whoever has an address keeps it.</summary>
    public static void Set(Tx tx, HubId hub, IReadOnlyList<AddressRange> ranges)
    {
        tx.Execute($"delete from address_ranges where hub_id = {hub}");
        tx.ExecuteEach(
            ranges,
            range =>
                $"""
                insert into address_ranges (hub_id, first_slot, last_slot, group_name, next_slot)
                values ({hub}, {(long)range.First.Number}, {(long)range.Last.Number}, {range.Group}, {(long)range.First.Number})
                """);
        AddressPools.LookAgain(tx, hub);
    }

    /// <summary>Number of addresses of the range that somebody has.</summary>
    public static long Taken(Tx tx, AddressRange range) => tx.Count(
        $"select count(*) from leases where slot >= {(long)range.First.Number} and slot <= {(long)range.Last.Number}");
}
