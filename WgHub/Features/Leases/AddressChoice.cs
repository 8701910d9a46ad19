using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Leases;

/// <summary>Which addresses a wish comes to, and whether they can be had. All methods run inside the caller's transaction.</summary>
internal static class AddressChoice
{
    /// <summary>Where whoever wishes gives addresses.</summary>
    private const string WishField = "customIP";
    private const string Wish6Field = "addressV6";

    /// <param name="isHeld">True when the spoke has the IPv4 address already.</param>
    /// <exception cref="AppException">ADDRESS_OUTSIDE_NETWORK, ADDRESS_RESERVED, ADDRESSES_EXHAUSTED.</exception>
    public static (uint Slot, KeptAddress6? Kept) Choose(Tx tx, AddressPool pool, AddressWish wish, bool isHeld = false)
    {
        var slot = wish.Address ?? AddressPools.Take(tx, pool, wish.Group);
        if (!pool.Network.HasHost(slot))
        {
            throw LeaseErrors.AddressOutside(Ipv4Network.ToText(slot), pool.Network, WishField);
        }

        if (wish.Address6 is { } six && pool.Network6?.HasHost(six) != true)
        {
            throw LeaseErrors.AddressOutside(six.ToString(), pool.Network6, Wish6Field);
        }

        var kept = KeptAddress6.Of(wish.Address6, slot, pool.Network6, pool.Network);
        RefuseReserved(tx, pool, wish, isHeld ? null : wish.Address, Ipv4Network.ToText(slot), WishField);
        RefuseReserved(tx, pool, wish, kept?.Slot, $"{kept?.Address}", Wish6Field);
        return (slot, kept);
    }

    /// <summary>True when nobody else has these addresses, also none that follows from an IPv4 address.</summary>
    public static SqlPart AreFree(string spokeId, uint slot, KeptAddress6? kept) => SqlPart.Of(
        $"""
        not exists (select 1 from leases as other where other.spoke_id <> {spokeId} and other.slot = {(long)slot})
        and not exists (select 1 from leases as other where other.spoke_id <> {spokeId} and other.slot6 = {(kept is null ? slot : (long?)null)})
        and not exists (select 1 from leases as other where other.spoke_id <> {spokeId} and other.address6 = {kept?.Address.ToString()})
        and not exists (select 1 from leases as other where other.spoke_id <> {spokeId} and other.slot = {(long?)kept?.Slot} and other.address6 is null)
        """);

    /// <summary>The address that was asked for and is somebody else's.</summary>
    public static AppException InUse(Tx tx, string spokeId, uint slot, KeptAddress6? kept, AddressWish wish) =>
        wish.Address is not null && (kept is null || tx.Exists($"select 1 from leases where spoke_id <> {spokeId} and slot = {(long)slot}"))
            ? LeaseErrors.AddressInUse(Ipv4Network.ToText(slot), WishField)
            : LeaseErrors.AddressInUse(kept?.Address.ToString() ?? $"that follows from {Ipv4Network.ToText(slot)}", Wish6Field);

    /// <summary>What is kept for a group is for its own spokes, also the IPv6 addresses that follow from it.</summary>
    private static void RefuseReserved(Tx tx, AddressPool pool, AddressWish wish, uint? slot, string address, string field)
    {
        if (slot is { } one && AddressRanges.Around(tx, pool.Hub, one) is { } range && range.Group != wish.Group)
        {
            throw LeaseErrors.AddressReserved(address, range, field);
        }
    }
}
