using System.Net;
using WgHub.Storage;

namespace WgHub.Features.Leases;

/// <summary>IPv6 addresses that do not follow from the IPv4 one.</summary>
internal static class ChosenAddresses
{
    /// <summary>
    /// In other networks, a chosen IPv6 address follows from another IPv4 address: one that nobody could have before is given to nobody else now.
    /// </summary>
    public static void KeepAll(Tx tx, HubId hub, HubPlace place)
    {
        var chosen = tx.Query(
            $"select spoke_id, name, slot, address6 from leases where hub_id = {hub} and spoke_id <> {hub} and address6 is not null order by name_key",
            row => (Id: row.Text("spoke_id"), Name: row.Text("name"), Slot: (uint)row.Number("slot"), Address: IPAddress.Parse(row.Text("address6"))));
        if (chosen.Where(lease => place.Network6?.Contains(lease.Address) != true).Select(lease => lease.Name).ToList() is { Count: > 0 } outside)
        {
            throw LeaseErrors.NetworkInUse(outside);
        }

        foreach (var lease in chosen)
        {
            var kept = KeptAddress6.Of(lease.Address, lease.Slot, place.Network6, place.Network);
            tx.Execute($"update leases set address6 = {kept?.Address.ToString()}, slot6 = {(long?)kept?.Slot} where spoke_id = {lease.Id}");
        }

        if (Clashes(tx) is { Count: > 0 } clashes)
        {
            throw LeaseErrors.NetworkInUse(clashes);
        }
    }

    /// <summary>Names of those who have the IPv6 address that follows from somebody else's IPv4 address.</summary>
    public static List<string> Clashes(Tx tx) => tx.Query(
        $"select kept.name from leases as kept join leases as other on other.slot = kept.slot6 where other.address6 is null limit 100",
        row => row.Text("name"));
}
