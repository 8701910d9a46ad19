using System.Collections.Concurrent;
using System.Globalization;
using WgHub.Features.Hub;
using WgHub.Features.Scripts;
using WgHub.Features.Spokes;
using WgHub.Hosting;

namespace WgHub.Features.Enrolment;

/// <summary>Fills <c>templates/router</c>: what is pasted or typed on a device that has made its key pair itself. The private key is the device's own, and nowhere in it.</summary>
internal sealed class RouterSnippet
{
    private readonly ConcurrentDictionary<string, ScriptTemplate> _templates = new();

    public string Render(OwnKeyDevice device, HubConfig hub, Spoke spoke, Secret? presharedKey)
    {
        if (device.Id == OwnKeyDevice.WgQuick)
        {
            return SpokeConf.Render(hub, spoke, presharedKey);
        }

        var addresses = SpokeConf.AddressesOf(hub, spoke);
        return _templates.GetOrAdd(device.Id, Load).Render(new Dictionary<string, string?>
        {
            ["name"] = spoke.Name,
            ["address"] = addresses[0],
            ["address6"] = addresses.ElementAtOrDefault(1),
            ["mtu"] = hub.Mtu.ToString(CultureInfo.InvariantCulture),
            ["hubKey"] = hub.Key.ToString(),
            ["presharedKey"] = presharedKey?.Reveal(),
            ["network"] = hub.RoutedNetworks[0],
            ["network6"] = hub.RoutedNetworks.ElementAtOrDefault(1),
            ["host"] = hub.PublicEndpoint.Host,
            ["port"] = hub.PublicEndpoint.Port.ToString(CultureInfo.InvariantCulture),
            ["keepalive"] = HubConfig.PersistentKeepaliveSeconds.ToString(CultureInfo.InvariantCulture),
        });
    }

    private static ScriptTemplate Load(string device) => ScriptTemplate.FromFiles($"templates/router/{device}", ".txt", RouterValue.Check);
}
