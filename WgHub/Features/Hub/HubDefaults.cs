using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>
/// What the set-up page offers: a network that this machine does not reach otherwise, a free port, and an address guessed from its interfaces.
/// </summary>
/// <param name="PublicEndpoint">Without a port, so that it follows the port that is chosen; empty when there is no address.</param>
/// <param name="PrivateEndpoint">Without a port too; null when the public one is private already.</param>
internal sealed record HubDefaults(string NetworkCIDR, int ListenPort, string PublicEndpoint, string? PrivateEndpoint)
{
    private const int FirstPort = 51820;
    private const int PortsTried = 20;

    /// <param name="taken">Networks that the machine reaches by another way.</param>
    public static HubDefaults Beside(IReadOnlyList<Ipv4Network> taken)
    {
        var network = Candidates().First(candidate => !taken.Any(candidate.Overlaps));
        var port = Enumerable.Range(FirstPort, PortsTried).FirstOrDefault(IsFree, FirstPort);
        var own = OwnAddresses();
        var open = own.FirstOrDefault(address => !IsPrivate(address));
        var closed = own.FirstOrDefault(IsPrivate);
        return new(
            network.ToString(),
            port,
            (open ?? closed)?.ToString() ?? "",
            open is not null ? closed?.ToString() : null);
    }

    /// <summary>/22 networks of RFC 1918: 1,021 spokes. 10.8 first, as everybody's first VPN.</summary>
    private static IEnumerable<Ipv4Network> Candidates() =>
    [
        .. Enumerable.Range(8, 248).Select(second => new Ipv4Network((10u << 24) | ((uint)second << 16), 22)),
        .. Enumerable.Range(16, 16).Select(second => new Ipv4Network((172u << 24) | ((uint)second << 16), 22)),
        .. Enumerable.Range(0, 64).Select(third => new Ipv4Network((192u << 24) | (168u << 16) | ((uint)third << 10), 22)),
    ];

    private static bool IsFree(int port)
    {
        try
        {
            HubMachine.PortIsFree(port);
            return true;
        }
        catch (AppException)
        {
            return false;
        }
    }

    private static List<IPAddress> OwnAddresses() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork),
    ];

    private static bool IsPrivate(IPAddress address)
    {
        var number = Ipv4Network.ToNumber(address);
        return new Ipv4Network(10u << 24, 8).Contains(number) || new Ipv4Network(0xAC100000, 12).Contains(number)
            || new Ipv4Network(0xC0A80000, 16).Contains(number)
                || new Ipv4Network(0x64400000, 10).Contains(number)
                || new Ipv4Network(0xA9FE0000, 16).Contains(number);
    }
}
