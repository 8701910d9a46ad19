using System.Net;
using WgHub.Features.Hub;
using WgHub.Features.Leases;
using WgHub.WireGuard;

namespace WgHub.Features.Import;

/// <summary>The network that spokes come into: this hub's, or the one that it is to get.</summary>
/// <param name="HubKey">Null when it is to get a new one.</param>
/// <param name="Address">The hub's own.</param>
internal sealed record ImportTarget(Ipv4Network Network, Ipv6Network? Network6, uint Address, PublicKey? HubKey)
{
    /// <summary>The hub's own, where it does not follow from <see cref="Address"/>.</summary>
    public IPAddress? Address6 { get; init; }

    /// <summary>What no network behind a spoke may overlap.</summary>
    public IReadOnlyList<Cidr> Ground => Network6 is { } six ? [Network, Cidr.Parse(six.ToString())] : [Network];

    /// <summary>As the hub keeps it.</summary>
    public KeptAddress6? Kept6 => KeptAddress6.Of(Address6, Address, Network6, Network);

    /// <summary>Why no hub can be there: the field that has to be another, and a sentence; null when one can.</summary>
    public (string Field, string Sentence)? Fault =>
        !Network.IsForMachines ? ("networkCIDR", $"{Network}: {HubForm.NotForMachines}")
        : Network6 is { IsForMachines: false } six ? ("networkCIDRv6", $"{six}: {HubForm.NotForMachines6} Or leave IPv6 out.")
        : null;

    public static ImportTarget Of(HubConfig hub) => new(hub.Network, hub.Network6, hub.Address, hub.Key) { Address6 = hub.Address6 };

    /// <summary>What the source's own addresses say; null when they name no network that a hub can have.</summary>
    /// <param name="wish">Another network, chosen by a person; null for the source's.</param>
    public static ImportTarget? Of(ImportedHub? hub, Ipv4Network? wish, PublicKey? key)
    {
        var own = (hub?.Addresses ?? []).Select(AllowedIP.Parse).OfType<AllowedIP>().ToList();
        var network = wish ?? own.Where(one => one is { Address6: null, PrefixLength: >= 8 and <= 30 })
            .Select(one => (Ipv4Network?)one.Network).FirstOrDefault();
        if (network is not { } chosen)
        {
            return null;
        }

        // Where a network stands for the address, the first one is meant.
        var first = own.Where(one => one.Address6 is null && chosen.HasHost(one.Address)).Select(one => (uint?)one.Address).FirstOrDefault();
        var target = new ImportTarget(chosen, null, first ?? chosen.FirstHost, key);
        var six = own.Where(one => one.Network6?.HasRoomFor(chosen) == true)
            .OrderByDescending(one => one.Network6!.Value.IsForMachines)
            .FirstOrDefault();
        if (six?.Network6 is not { } network6)
        {
            return target;
        }

        var follows = six.Address6!.Equals(six.Base6) || six.Address6.ToString() == network6.AddressFor(target.Address);
        return target with { Network6 = network6, Address6 = follows ? null : six.Address6 };
    }

    /// <summary>The IPv6 address that a spoke has beside this one, when it had none of its own; null when the hub has no IPv6.</summary>
    public IPAddress? Address6For(uint address) => Network6 is { } network ? IPAddress.Parse(network.AddressFor(address)) : null;
}
