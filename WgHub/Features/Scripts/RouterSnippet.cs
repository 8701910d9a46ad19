using System.Collections.Concurrent;
using System.Globalization;

namespace WgHub.Features.Scripts;

/// <summary>
/// Fills <c>templates/router</c>: what is pasted or typed on a device that has made its key pair itself. The private key is the device's
/// own, and nowhere in it.
/// </summary>
internal sealed class RouterSnippet
{
    /// <summary>The device that takes <see cref="SpokeConf"/>, and has no template.</summary>
    public const string WgQuick = "wg-quick";

    private readonly ConcurrentDictionary<string, ScriptTemplate> _templates = new();

    /// <param name="device">A template's name, or <see cref="WgQuick"/>.</param>
    public string Render(string device, TunnelFacts tunnel) => device == WgQuick
        ? SpokeConf.Render(tunnel)
        : _templates.GetOrAdd(device, Load).Render(
            new Dictionary<string, string?>
            {
                ["name"] = tunnel.Name,
                ["address"] = tunnel.Addresses[0],
                ["address6"] = tunnel.Addresses.ElementAtOrDefault(1),
                ["dns"] = tunnel.Dns.Count > 0 ? tunnel.Dns[0] : null,
                ["domain"] = tunnel.SearchDomain,
                ["mtu"] = tunnel.Mtu.ToString(CultureInfo.InvariantCulture),
                ["hubKey"] = tunnel.HubKey.ToString(),
                ["presharedKey"] = tunnel.PresharedKey?.Reveal(),
                ["networks"] = string.Join(',', tunnel.Networks),
                ["everything"] = tunnel.RoutesEverything ? "yes" : null,
                ["host"] = tunnel.Endpoint.Host,
                ["port"] = tunnel.Endpoint.Port.ToString(CultureInfo.InvariantCulture),
                ["keepalive"] = tunnel.KeepaliveSeconds.ToString(CultureInfo.InvariantCulture),
            },
            new Dictionary<string, IReadOnlyList<string>>
            {
                ["ipv4"] = [.. tunnel.Networks.Where(network => !IsIpv6(network))],
                ["ipv6"] = [.. tunnel.Networks.Where(IsIpv6)],
                ["all"] = tunnel.Networks,
            });

    private static bool IsIpv6(string network) => network.Contains(':', StringComparison.Ordinal);

    private static ScriptTemplate Load(string device) => ScriptTemplate.FromFiles($"templates/router/{device}", ".txt", RouterValue.Check);
}
