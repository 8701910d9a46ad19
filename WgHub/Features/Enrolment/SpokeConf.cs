using System.Globalization;
using System.Text;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Enrolment;

/// <summary>The spoke's wg-quick file, with <c>PrivateKey = </c> left for the spoke to fill. Every value in it was parsed into a type; nothing else gets in.</summary>
internal static class SpokeConf
{
    public static string Render(HubConfig hub, Spoke spoke, Secret? presharedKey)
    {
        var conf = new StringBuilder(512);
        conf.Append("# Managed by WgHub: spoke ").Append(spoke.Name).Append(".\n[Interface]\n");
        Line(conf, "PrivateKey", "");
        Line(conf, "Address", string.Join(", ", AddressesOf(hub, spoke)));
        if (hub.Dns.Count > 0)
        {
            Line(conf, "DNS", string.Join(", ", hub.Dns));
        }

        Line(conf, "MTU", hub.Mtu.ToString(CultureInfo.InvariantCulture));
        conf.Append("\n[Peer]\n");
        Line(conf, "PublicKey", hub.Key.ToString());
        if (presharedKey is not null)
        {
            Line(conf, "PresharedKey", presharedKey.Reveal());
        }

        Line(conf, "AllowedIPs", string.Join(", ", hub.RoutedNetworks));
        Line(conf, "Endpoint", hub.PublicEndpoint.ToString());
        Line(conf, "PersistentKeepalive", HubConfig.PersistentKeepaliveSeconds.ToString(CultureInfo.InvariantCulture));
        if (hub.PrivateEndpoint is { } endpoint)
        {
            Line(conf, "# PrivateEndpoint", endpoint.ToString());
        }

        // The last line tells the spoke that nothing was cut off.
        return conf.Append("# End\n").ToString();
    }

    public static IReadOnlyList<string> AddressesOf(HubConfig hub, Spoke spoke) =>
        Ipv4Network.TryParseAddress(spoke.Address, out var address) ? hub.AddressesOf(address) : throw new FormatException("The spoke's address is not one.");

    /// <exception cref="FormatException">A control character got through to here: better no file than one with a line of somebody else's.</exception>
    private static void Line(StringBuilder conf, string name, string value)
    {
        if (value.Any(char.IsControl))
        {
            throw new FormatException($"A control character in {name}.");
        }

        conf.Append(name).Append(" = ").Append(value).Append('\n');
    }
}
