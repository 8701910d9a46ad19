using System.Net;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Hub;

/// <summary>
/// What is asked of <c>POST /api/hub/initialize</c> and <c>PUT /api/hub/config</c>; at a change, what is missing stays as it is and an empty
/// text takes it away.
/// </summary>
internal sealed record HubForm
{
    public const int DefaultMtu = 1420;
    public const string NotForMachines = "Machines cannot have addresses in this network. Take a private one, such as 10.8.0.0/22.";
    public const string NotForMachines6 = "Machines cannot have addresses in this network. Take one of your own, such as fd42:8::/64.";
    private const int DefaultPort = 51820;

    private const int LeastMtu = 68; // an IPv4 link's least (RFC 791)
    private const int LeastMtu6 = 1280; // below it Linux has no IPv6 on an interface (RFC 8200)

    public string? NetworkCIDR { get; init; }

    public int? ListenPort { get; init; }

    public string? PublicEndpoint { get; init; }

    public string? Endpoint { get; init; }

    public string? PrivateEndpoint { get; init; }

    public IReadOnlyList<string>? Dns { get; init; }

    public string? NetworkCIDRv6 { get; init; }

    public int? Mtu { get; init; }

    public bool? SpokeToSpoke { get; init; }

    public bool? PresharedKeys { get; init; }

    /// <summary>The settings of a new hub.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, with a sentence for each field.</exception>
    public HubSettings ToNew() => Parse(null);

    /// <summary>The settings of <paramref name="hub"/> with these changes.</summary>
    /// <exception cref="AppException">VALIDATION_FAILED, with a sentence for each field.</exception>
    public HubSettings ToChanged(HubConfig hub) => Parse(hub);

    private HubSettings Parse(HubConfig? hub)
    {
        var checks = new FieldChecks();
        var network =
            checks.Required<Ipv4Network>(
                "networkCIDR", NetworkCIDR ?? hub?.Network.ToString(), Ipv4Network.TryParse, "An IPv4 network without host bits, such as 10.8.0.0/22.");
        if (network.PrefixLength is not 0 and (< 8 or > 30))
        {
            checks.Fail("networkCIDR", "A network from /8 to /30.");
        }
        else if (!network.IsForMachines)
        {
            checks.Fail("networkCIDR", NotForMachines);
        }

        var port = checks.Range("listenPort", ListenPort, 1, 65535, hub?.ListenPort ?? DefaultPort);
        const string EndpointRule = "A host name or address with an optional port, such as vpn.example.com:51820 or [2001:db8::1]:51820.";
        bool ParseEndpoint(string? text, out WgEndpoint endpoint) => WgEndpoint.TryParse(text, port, out endpoint!);
        var publicEndpoint =
            checks.Required<WgEndpoint>("publicEndpoint", PublicEndpoint ?? Endpoint ?? hub?.PublicEndpoint.ToString(), ParseEndpoint, EndpointRule);
        var privateEndpoint = checks.Optional<WgEndpoint>("privateEndpoint", PrivateEndpoint ?? hub?.PrivateEndpoint?.ToString(), ParseEndpoint, EndpointRule);
        var network6 =
            checks.OptionalValue<Ipv6Network>(
                "networkCIDRv6", NetworkCIDRv6 ?? hub?.Network6?.ToString(), Ipv6Network.TryParse,
                "An IPv6 network without host bits, such as fd42:8::/64.");
        if (network6 is { PrefixLength: > 0 } six)
        {
            Check(checks, six, network);
        }

        var mtu = checks.Range("mtu", Mtu, network6 is null ? LeastMtu : LeastMtu6, 65535, hub?.Mtu ?? DefaultMtu);
        var dns = ParseDns(checks, Dns ?? hub?.Dns ?? []);
        checks.ThrowIfAny();
        return new()
        {
            Network = network,
            Network6 = network6,
            ListenPort = port,
            PublicEndpoint = publicEndpoint,
            PrivateEndpoint = privateEndpoint,
            Dns = dns,
            Mtu = mtu,
            SpokeToSpoke = SpokeToSpoke ?? hub?.SpokeToSpoke ?? false,
            PresharedKeys = PresharedKeys ?? hub?.PresharedKeys ?? true,
        };
    }

    private static void Check(FieldChecks checks, Ipv6Network network6, Ipv4Network network)
    {
        if (!network6.IsForMachines)
        {
            checks.Fail("networkCIDRv6", NotForMachines6);
        }
        else if (!network6.HasRoomFor(network))
        {
            checks.Fail("networkCIDRv6", $"It has no address for each machine in {network}. Take a /64, such as fd42:8::/64.");
        }
    }

    private static List<string> ParseDns(FieldChecks checks, IReadOnlyList<string> servers)
    {
        List<string> dns = [];
        foreach (var server in servers.Where(server => !string.IsNullOrWhiteSpace(server)))
        {
            var text = server.Trim(' ');
            if (!Ipv4Network.TryParseAddress(text, out _) && !IsIpv6Address(text))
            {
                checks.Fail("dns", "Addresses of DNS servers, such as 1.1.1.1.");
            }
            else
            {
                dns.Add(text);
            }
        }

        if (dns.Count > 4)
        {
            checks.Fail("dns", "At most four DNS servers.");
        }

        return dns;
    }

    /// <summary>The bare address: IPAddress would also take brackets, a port and a zone.</summary>
    private static bool IsIpv6Address(string text) =>
        text.Contains(':', StringComparison.Ordinal) && text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') && IPAddress.TryParse(text, out _);
}

/// <summary>What an administrator can set of a hub, parsed and checked.</summary>
internal sealed record HubSettings
{
    public required Ipv4Network Network { get; init; }

    public required Ipv6Network? Network6 { get; init; }

    public required int ListenPort { get; init; }

    public required WgEndpoint PublicEndpoint { get; init; }

    public required WgEndpoint? PrivateEndpoint { get; init; }

    public required IReadOnlyList<string> Dns { get; init; }

    public required int Mtu { get; init; }

    public required bool SpokeToSpoke { get; init; }

    public required bool PresharedKeys { get; init; }

    /// <summary>The hub with these settings; equal to what it was when nothing is changed.</summary>
    public HubConfig ApplyTo(HubConfig hub) => hub with
    {
        Network = Network,
        Network6 = Network6,
        Address6 = hub.Address6 is { } kept && Network6?.Contains(kept) == true ? kept : null,
        Address = Network.HasHost(hub.Address) ? hub.Address : Network.FirstHost,
        ListenPort = ListenPort,
        PublicEndpoint = PublicEndpoint,
        PrivateEndpoint = PrivateEndpoint,
        Dns = Dns.SequenceEqual(hub.Dns) ? hub.Dns : Dns,
        Mtu = Mtu,
        SpokeToSpoke = SpokeToSpoke,
        PresharedKeys = PresharedKeys,
    };
}
