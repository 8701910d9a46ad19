using System.Collections.Concurrent;
using System.Globalization;
using HandlebarsDotNet;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Hosting;

namespace WgHub.Features.Enrolment;

/// <summary>Fills <c>templates/router</c>: what is pasted or typed on a device that has made its key pair itself. The private key is the device's own, and nowhere in it.</summary>
internal sealed class RouterSnippet
{
    private readonly ConcurrentDictionary<string, HandlebarsTemplate<object, object>> _templates = new();

    public string Render(OwnKeyDevice device, HubConfig hub, Spoke spoke, Secret? presharedKey)
    {
        if (device.Id == OwnKeyDevice.WgQuick)
        {
            return SpokeConf.Render(hub, spoke, presharedKey);
        }

        var addresses = SpokeConf.AddressesOf(hub, spoke);
        return _templates.GetOrAdd(device.Id, Compile)(new Dictionary<string, object>
        {
            ["name"] = spoke.Name,
            ["address"] = addresses[0],
            ["address6"] = addresses.ElementAtOrDefault(1) ?? "",
            ["mtu"] = hub.Mtu.ToString(CultureInfo.InvariantCulture),
            ["hubKey"] = hub.Key.ToString(),
            ["presharedKey"] = presharedKey?.Reveal() ?? "",
            ["network"] = hub.RoutedNetworks[0],
            ["network6"] = hub.RoutedNetworks.ElementAtOrDefault(1) ?? "",
            ["host"] = hub.PublicEndpoint.Host,
            ["port"] = hub.PublicEndpoint.Port.ToString(CultureInfo.InvariantCulture),
            ["keepalive"] = HubConfig.PersistentKeepaliveSeconds.ToString(CultureInfo.InvariantCulture),
        });
    }

    private static HandlebarsTemplate<object, object> Compile(string device) =>
        Handlebars.Create(new HandlebarsConfiguration { TextEncoder = new RouterValue(), ThrowOnUnresolvedBindingExpression = true })
            .Compile(EmbeddedFiles.ReadText($"templates/router/{device}.txt"));
}
