using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace WgHub.WireGuard;

/// <summary>The network interface as <c>ip -json address show</c> tells it.</summary>
/// <param name="Flags">Such as <c>UP</c>.</param>
/// <param name="Addresses">In the form <c>10.8.0.1/22</c>.</param>
internal sealed record Link(int Mtu, IReadOnlyList<string> Flags, IReadOnlyList<string> Addresses)
{
    public bool IsUp => Flags.Contains("UP");
}

/// <summary>Runs ip(8) on an interface, and <c>wireguard-go</c> where the kernel has no WireGuard.</summary>
internal sealed class LinkTool(CommandRunner runner, IOptions<WireGuardOptions> options)
{
    /// <returns>The interface, or null when there is none.</returns>
    /// <exception cref="WgException">ip is missing or refused.</exception>
    public async Task<Link?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var found = (await AllAsync(cancellationToken)).SingleOrDefault(link => link.Name == name);
        return found is null ? null : new(
            found.Mtu,
            found.Flags,
            [.. found.Addresses.Where(address => address.Scope == "global").Select(address => $"{address.Local}/{address.PrefixLength}")]);
    }

    /// <returns>Name of an interface that has this address, such as <c>10.8.0.1/22</c>; null for none.</returns>
    /// <exception cref="WgException">ip is missing or refused.</exception>
    public async Task<string?> FindByAddressAsync(string address, CancellationToken cancellationToken) =>
        (await AllAsync(cancellationToken)).FirstOrDefault(link => link.Addresses.Any(one => $"{one.Local}/{one.PrefixLength}" == address))?.Name;

    /// <summary>Gives an interface another name, which it takes only while it is down. Its peers and their sessions stay.</summary>
    /// <exception cref="WgException">ip refused.</exception>
    public async Task RenameAsync(string name, string newName, CancellationToken cancellationToken)
    {
        await IpAsync(["link", "set", "dev", name, "down"], cancellationToken);
        await IpAsync(["link", "set", "dev", name, "name", newName], cancellationToken);
    }

    /// <summary>Networks that this machine reaches by itself: routes and addresses, but not through the interface of this name.</summary>
    /// <exception cref="WgException">ip is missing or refused.</exception>
    public async Task<IReadOnlyList<Ipv4Network>> RoutedNetworksAsync(string name, CancellationToken cancellationToken)
    {
        List<Ipv4Network> networks = [];
        foreach (var text in await DestinationsAsync(name, Family(false), "/32", cancellationToken))
        {
            if (Ipv4Network.TryParse(text, out var network) && !network.Overlaps(Loopback))
            {
                networks.Add(network);
            }
        }

        return networks;
    }

    /// <inheritdoc cref="RoutedNetworksAsync"/>
    /// <remarks>Without what every interface has for itself: fe80::/10.</remarks>
    public async Task<IReadOnlyList<IPNetwork>> RoutedNetworks6Async(string name, CancellationToken cancellationToken)
    {
        List<IPNetwork> networks = [];
        foreach (var text in await DestinationsAsync(name, Family(true), "/128", cancellationToken))
        {
            if (IPNetwork.TryParse(text, out var network) && !network.BaseAddress.IsIPv6LinkLocal && !IPAddress.IsLoopback(network.BaseAddress))
            {
                networks.Add(network);
            }
        }

        return networks;
    }

    /// <summary>Makes the interface: in the kernel, or by wireguard-go where the kernel cannot. Either lives on when this process ends.</summary>
    /// <exception cref="WgException">Neither worked; the message is the last one's.</exception>
    public async Task AddAsync(string name, CancellationToken cancellationToken)
    {
        if (options.Value.Userspace != "always")
        {
            try
            {
                await IpAsync(["link", "add", "dev", name, "type", "wireguard"], cancellationToken);
                return;
            }
            catch (WgException kernel) when (options.Value.Userspace == "auto")
            {
                // "Unknown device type": the kernel has no WireGuard.
                var program = options.Value.UserspaceCommand;
                if (Programs.Find(program) is null)
                {
                    throw new WgException(
                        $"The kernel makes no interface ({kernel.Message}), and {Path.GetFileName(program)}, which would, is not on this machine."
                        + Programs.HowToInstall(program),
                        kernel);
                }
            }
        }

        // A session of its own: Ctrl-C in our terminal must not reach it. It goes to the background by itself once it is ready.
        await runner.RunAsync("setsid", [options.Value.UserspaceCommand, name], "", cancellationToken);
    }

    /// <exception cref="WgException">ip refused.</exception>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => IpAsync(["link", "delete", "dev", name], cancellationToken);

    /// <exception cref="WgException">ip refused.</exception>
    public Task AddAddressAsync(string name, string address, CancellationToken cancellationToken) =>
        IpAsync(["address", "replace", address, "dev", name], cancellationToken);

    /// <exception cref="WgException">ip refused.</exception>
    public Task RemoveAddressAsync(string name, string address, CancellationToken cancellationToken) =>
        IpAsync(["address", "delete", address, "dev", name], cancellationToken);

    /// <exception cref="WgException">ip refused.</exception>
    public Task SetMtuAsync(string name, int mtu, CancellationToken cancellationToken) =>
        IpAsync(["link", "set", "dev", name, "mtu", mtu.ToString(CultureInfo.InvariantCulture)], cancellationToken);

    /// <exception cref="WgException">ip refused, for example because another program has the port.</exception>
    public Task SetUpAsync(string name, CancellationToken cancellationToken) => IpAsync(["link", "set", "dev", name, "up"], cancellationToken);

    /// <summary>Where the routes of a family lead that <see cref="AddRouteAsync"/> made.</summary>
    /// <exception cref="WgException">ip refused.</exception>
    public async Task<IReadOnlyList<Cidr>> OwnRoutesAsync(string name, bool isIPv6, CancellationToken cancellationToken)
    {
        var json = await IpAsync(["-json", Family(isIPv6), "route", "show", "dev", name, "proto", RouteProtocol], cancellationToken);
        return [.. (JsonSerializer.Deserialize(json, IpJson.Default.IReadOnlyListIpRoute) ?? [])
            .Select(route => Cidr.Parse(WithPrefix(route.Destination, isIPv6 ? "/128" : "/32")))];
    }

    /// <summary>What of a family this machine reaches by itself; see <see cref="RoutedNetworksAsync"/>.</summary>
    /// <exception cref="WgException">ip is missing or refused.</exception>
    public async Task<IReadOnlyList<Cidr>> ReachedNetworksAsync(string name, bool isIPv6, CancellationToken cancellationToken) => isIPv6
        ? [.. (await RoutedNetworks6Async(name, cancellationToken)).Select(Cidr.From)]
        : [.. (await RoutedNetworksAsync(name, cancellationToken)).Select(network => (Cidr)network)];

    /// <summary>Leads a network through the interface; takes the place of a route that leads there already.</summary>
    /// <exception cref="WgException">ip refused.</exception>
    public Task AddRouteAsync(string name, Cidr network, CancellationToken cancellationToken) =>
        IpAsync([Family(network.IsIPv6), "route", "replace", network.ToString(), "dev", name, "proto", RouteProtocol], cancellationToken);

    /// <exception cref="WgException">ip refused.</exception>
    public Task RemoveRouteAsync(string name, Cidr network, CancellationToken cancellationToken) =>
        IpAsync([Family(network.IsIPv6), "route", "delete", network.ToString(), "dev", name, "proto", RouteProtocol], cancellationToken);

    /// <param name="family"><c>-4</c> or <c>-6</c>.</param>
    /// <exception cref="WgException">ip refused.</exception>
    public async Task<IReadOnlyList<IpRule>> RulesAsync(string family, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize(await IpAsync(["-json", family, "rule", "show"], cancellationToken), IpJson.Default.IReadOnlyListIpRule) ?? [];

    /// <summary>Adds and takes away rules of routing, in this order.</summary>
    /// <param name="changes">Lines such as <c>rule add priority 5180 iif wg0 prohibit</c>.</param>
    /// <exception cref="WgException">ip refused one; those before it are done.</exception>
    public Task ChangeRulesAsync(string family, IReadOnlyList<string> changes, CancellationToken cancellationToken) => changes.Count == 0
        ? Task.CompletedTask
        : runner.RunAsync(options.Value.IpCommand, [family, "-batch", "-"], string.Join('\n', changes) + "\n", cancellationToken);

    /// <returns>The interface by which this machine reaches an address; null for one that it does not reach.</returns>
    public async Task<string?> WayAsync(string to, CancellationToken cancellationToken)
    {
        try
        {
            var json = await IpAsync(["-json", "route", "get", to], cancellationToken);
            return JsonSerializer.Deserialize(json, IpJson.Default.IReadOnlyListIpRoute) is [{ Device: var device }, ..] ? device : null;
        }
        catch (WgException)
        {
            return null; // unreachable
        }
    }

    /// <summary>Tells our routes from others'; a number that no routing daemon has (rt_protos of iproute2).</summary>
    private const string RouteProtocol = "119";

    private static readonly Ipv4Network Loopback = new(0x7F000000, 8);

    /// <summary>Where the machine's routes lead that do not go through this interface.</summary>
    /// <param name="hostPrefix">What a destination without a prefix means.</param>
    private async Task<IEnumerable<string>> DestinationsAsync(string name, string family, string hostPrefix, CancellationToken cancellationToken)
    {
        var json = await IpAsync(["-json", family, "route", "show", "table", "all"], cancellationToken);
        var routes = JsonSerializer.Deserialize(json, IpJson.Default.IReadOnlyListIpRoute) ?? [];
        return routes
            .Where(route => route.Device != name && route.Type is null or "unicast" or "local" && route.Destination != "default")
            .Select(route => WithPrefix(route.Destination, hostPrefix));
    }

    private static string Family(bool isIPv6) => isIPv6 ? "-6" : "-4";

    private static string WithPrefix(string destination, string hostPrefix) =>
        destination.Contains('/', StringComparison.Ordinal) ? destination : destination + hostPrefix;

    private async Task<IReadOnlyList<IpLink>> AllAsync(CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize(await IpAsync(["-json", "address", "show"], cancellationToken), IpJson.Default.IReadOnlyListIpLink) ?? [];

    private Task<string> IpAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        runner.RunAsync(options.Value.IpCommand, arguments, "", cancellationToken);
}

/// <summary>What <c>ip -json address show</c> prints, as far as we read it.</summary>
internal sealed record IpLink(
    [property: JsonPropertyName("ifname")] string Name,
    [property: JsonPropertyName("mtu")] int Mtu,
    [property: JsonPropertyName("flags")] IReadOnlyList<string> Flags,
    [property: JsonPropertyName("addr_info")] IReadOnlyList<IpAddress> Addresses);

/// <inheritdoc cref="IpLink"/>
internal sealed record IpAddress(
    [property: JsonPropertyName("local")] string Local,
    [property: JsonPropertyName("prefixlen")] int PrefixLength,
    [property: JsonPropertyName("scope")] string Scope);

/// <summary>What <c>ip -json route show</c> prints, as far as we read it.</summary>
internal sealed record IpRoute(
    [property: JsonPropertyName("dst")] string Destination,
    [property: JsonPropertyName("dev")] string? Device,
    [property: JsonPropertyName("type")] string? Type);

/// <summary>What <c>ip -json rule show</c> prints, as far as we make such.</summary>
internal sealed record IpRule([property: JsonPropertyName("priority")] int Priority)
{
    [JsonPropertyName("dst")]
    public string? Destination { get; init; }

    /// <summary>Null for a single address.</summary>
    [JsonPropertyName("dstlen")]
    public int? DestinationLength { get; init; }

    [JsonPropertyName("iif")]
    public string? Iif { get; init; }

    [JsonPropertyName("fwmark")]
    public string? Mark { get; init; }

    [JsonPropertyName("fwmask")]
    public string? Mask { get; init; }

    [JsonPropertyName("action")]
    public string? Action { get; init; }

    [JsonPropertyName("goto")]
    public int? Goto { get; init; }
}

[JsonSerializable(typeof(IReadOnlyList<IpLink>))]
[JsonSerializable(typeof(IReadOnlyList<IpRule>))]
[JsonSerializable(typeof(IReadOnlyList<IpRoute>))]
internal sealed partial class IpJson : JsonSerializerContext;
