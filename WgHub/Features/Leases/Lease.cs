using System.Net;
using WgHub.WireGuard;

namespace WgHub.Features.Leases;

/// <summary>A name and an address that a spoke, or the token for one, holds.</summary>
internal sealed record Lease(string SpokeId, string Name, Ipv4Address Address)
{
    /// <summary>Its IPv6 address, where that does not follow from the IPv4 one.</summary>
    public KeptAddress6? Address6 { get; init; }
}

/// <summary>An IPv6 address that somebody chose, or that was there before the hub.</summary>
/// <param name="Slot">The IPv4 address that it would follow from, so that nobody else gets that; null for none.</param>
internal sealed record KeptAddress6(IPAddress Address, uint? Slot)
{
    /// <returns>Null when the hub would give the same.</returns>
    public static KeptAddress6? Of(IPAddress? address, uint ipv4, Ipv6Network? network6, Ipv4Network network) =>
        address is null || network6 is not { } six || six.AddressFor(ipv4) == address.ToString() ? null : new(address, six.Ipv4Of(address, network));
}

/// <summary>The addresses that are asked for; null for those that come by themselves.</summary>
/// <param name="Group">Whose spoke it is to be: a group may have addresses of its own.</param>
internal sealed record AddressWish(string? Group, uint? Address = null, IPAddress? Address6 = null)
{
    public const string Rule = "An IPv4 address such as 10.8.0.5.";
    public const string Rule6 = "An IPv6 address such as fd42:8::5.";
}

/// <summary>A hub's place in its networks.</summary>
/// <param name="Address6">Null for the one that follows from the IPv4 address.</param>
internal sealed record HubPlace(Ipv4Network Network, Ipv6Network? Network6, uint Address, IPAddress? Address6 = null)
{
    public KeptAddress6? Kept6 => KeptAddress6.Of(Address6, Address, Network6, Network);
}
