using System.Globalization;
using System.Text;

namespace WgHub.Features.Scripts;

/// <summary>
/// The spoke's wg-quick file, with <c>PrivateKey = </c> left for the spoke to fill. Every value in it was parsed into a type; nothing else
/// gets in.
/// </summary>
internal static class SpokeConf
{
    public static string Render(TunnelFacts tunnel)
    {
        var conf = new StringBuilder(512);
        conf.Append("# Managed by WgHub: spoke ").Append(tunnel.Name).Append(".\n[Interface]\n");
        Line(conf, "PrivateKey", "");
        Line(conf, "Address", string.Join(", ", tunnel.Addresses));
        if (tunnel.Dns.Count > 0)
        {
            Line(conf, "DNS", string.Join(", ", tunnel.SearchDomain is { } domain ? [.. tunnel.Dns, domain] : tunnel.Dns));
        }

        Line(conf, "MTU", tunnel.Mtu.ToString(CultureInfo.InvariantCulture));
        conf.Append("\n[Peer]\n");
        Line(conf, "PublicKey", tunnel.HubKey.ToString());
        if (tunnel.PresharedKey is { } presharedKey)
        {
            Line(conf, "PresharedKey", presharedKey.Reveal());
        }

        Line(conf, "AllowedIPs", string.Join(", ", tunnel.Networks));
        Line(conf, "Endpoint", tunnel.Endpoint.ToString());
        Line(conf, "PersistentKeepalive", tunnel.KeepaliveSeconds.ToString(CultureInfo.InvariantCulture));
        if (tunnel.PrivateEndpoint is { } endpoint)
        {
            Line(conf, "# PrivateEndpoint", endpoint.ToString());
        }

        // To wg-quick they are comments; the script that installed the spoke makes it a gateway by them.
        if (tunnel.Behind.Count > 0)
        {
            Line(conf, "# Gateway", string.Join(", ", tunnel.Behind));
        }

        if (tunnel.Masqueraded.Count > 0)
        {
            Line(conf, "# Masquerade", string.Join(", ", tunnel.Masqueraded));
        }

        // The last line tells the spoke that nothing was cut off.
        return conf.Append("# End\n").ToString();
    }

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
