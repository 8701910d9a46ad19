using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace WgHub.Features.Notifications;

/// <summary>What webhooks may reach besides the internet.</summary>
internal readonly record struct ReachOptions(bool AllowPrivateNetworks, bool AllowLoopback);

/// <summary>
/// Which addresses a webhook may be sent to. Whoever may make a channel is not for that reason one who may knock at this machine, at its
/// neighbours or at a cloud's service of secrets. It is asked of the very address that is connected to, so a name that changes its mind gains
/// nothing.
/// </summary>
internal static class Reach
{
    private static readonly IPNetwork[] Private =
        [.. Networks("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7 fec0::/10")];

    /// <summary>Link-local, where clouds tell secrets; what is nobody's, everybody's, or leads elsewhere by another name.</summary>
    private static readonly IPNetwork[] Never =
    [
        .. Networks("0.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3"),
        .. Networks("100.100.100.200/32 168.63.129.16/32 fd00:ec2::254/128 fd20:ce::254/128 fd00:42::42/128"), // metadata outside of 169.254.0.0/16
        .. Networks("::/128 fe80::/10 ff00::/8 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16"),
    ];

    /// <summary>IPv6 addresses with an IPv4 one in them, and at which byte it begins: the way leads there.</summary>
    private static readonly (IPNetwork Network, int At)[] Wrapped =
        [(IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2), (IPNetwork.Parse("::/96"), 12)];

    /// <summary>The addresses of this machine.</summary>
    public static IReadOnlyCollection<IPAddress> Own() => [.. NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(link => link.GetIPProperties().UnicastAddresses).Select(own => own.Address)];

    /// <returns>A sentence; null when it may be reached.</returns>
    public static string? RefusalOf(IPAddress address, ReachOptions allowed, IReadOnlyCollection<IPAddress> own)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(address) || own.Contains(address))
        {
            return allowed.AllowLoopback ? null : $"{address} is this machine itself: no webhook goes there.";
        }

        if (Never.Any(network => network.Contains(address)))
        {
            return $"{address} is no address for webhooks: link-local, reserved, or a cloud's own.";
        }

        if (!allowed.AllowPrivateNetworks && Private.Any(network => network.Contains(address)))
        {
            return $"{address} is in a private network: webhooks go there only with the setting Notifications:AllowPrivateNetworks.";
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 && Array.Find(Wrapped, one => one.Network.Contains(address)) is { At: > 0 } inside
            ? RefusalOf(new(address.GetAddressBytes().AsSpan(inside.At, 4)), allowed, own)
            : null;
    }

    private static IEnumerable<IPNetwork> Networks(string list) => list.Split(' ').Select(IPNetwork.Parse);
}
