using System.Net;
using System.Net.Sockets;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Diagnosis;

/// <summary>
/// Why a spoke is not connected, from what the hub can see. Pure. The cause comes first; what is only worth knowing follows. What the
/// hub cannot see, the spoke can: its install line with <c>--check</c>.
/// </summary>
internal static class Diagnoses
{
    /// <summary>Two machines with one key take the peer from each other at every keepalive; people who travel move less often.</summary>
    public const int ManyMoves = 6;

    /// <summary>A clock that is further off than this is told; WireGuard itself minds only one that went back.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private const string Check = "Run the line of Settings, Hub there, with \"| sudo sh -s -- --check\" at its end.";

    public static IReadOnlyList<Finding> Of(ConnectionFacts facts) =>
        [.. new[] { Standing(facts), Overlap(facts.Hub, facts.Overlapping), Doubles(facts),
            Endpoint(facts.Hub, facts.EndpointAddresses, IsConnected(facts)), Handshake(facts), Traffic(facts), Port(facts),
            Clock(facts), Neighbours(facts) }.OfType<Finding>()
            .OrderBy(finding => finding.Level switch { FindingLevel.Problem => 0, FindingLevel.Ok => 1, _ => 2 })];

    private static Finding? Standing(ConnectionFacts facts) => facts.Spoke.StatusAt(facts.Now) switch
    {
        SpokeStatus.Disabled => new("DISABLED", FindingLevel.Problem, "The spoke is switched off here: the hub has no peer for it.", "Enable it."),
        SpokeStatus.Expired =>
            new(
                "EXPIRED", FindingLevel.Problem, $"The spoke's time ended {Age.Of(facts.Spoke.ExpiresAt!.Value, facts.Now)}.",
                "Give it a later expiry, or none."),
        _ when facts.Peer is null => new(
            "NOT_ON_INTERFACE", FindingLevel.Problem, $"The interface {facts.Hub.InterfaceName} does not hold this peer.", "The hub mends that within seconds; if it stays so, the dashboard tells what wg or ip said."),
        _ => null,
    };

    private static Finding? Handshake(ConnectionFacts facts)
    {
        if (facts.Peer is not { } peer)
        {
            return null;
        }

        return facts.Spoke switch
        {
            _ when IsConnected(facts) =>
                new(
                    "CONNECTED", FindingLevel.Ok,
                    $"The last handshake was {Age.Of(facts.Spoke.LastHandshake!.Value, facts.Now)}, from {facts.Spoke.Endpoint}."),
            { LastHandshake: { } last } => new(
                "SILENT",
                FindingLevel.Problem,
                $"It was connected, and the last handshake was {Age.Of(last, facts.Now)}, from {facts.Spoke.Endpoint}.",
                $"The machine is off, asleep or without network, or its firewall changed. {Check}"),
            _ when peer.ReceivedBytes > 0 => new(
                "HALF_A_HANDSHAKE",
                FindingLevel.Problem,
                $"Its handshakes arrive from {peer.Endpoint}, but are never finished.",
                "Either the hub's answers do not get back (a firewall or NAT that lets UDP through one way only), or the spoke has another preshared key: run the line of Settings, Hub there, which fetches it anew."),
            _ => NothingArrives(facts),
        };
    }

    private static Finding NothingArrives(ConnectionFacts facts) => new(
        "NOTHING_ARRIVES",
        FindingLevel.Problem,
        $"It is registered, but no handshake of it has ever reached UDP port {facts.Hub.ListenPort} of this machine.",
        facts.OthersConnected > 0
            ? $"Other spokes are connected, so the port is open here. On its side: does its network let UDP out to {facts.Hub.PublicEndpoint}, does its clock go right, and did its tunnel start? {Check}"
            : $"No other spoke is connected either. Open UDP port {facts.Hub.ListenPort} in this machine's firewall, and have the router before it forward UDP port {facts.Hub.PublicEndpoint.Port} to it. {Check}");

    private static Finding? Traffic(ConnectionFacts facts) => facts.Echo switch
    {
        { Small: true, Full: true } => new("TRAFFIC_BOTH_WAYS", FindingLevel.Ok, $"Packets up to the tunnel's {facts.Hub.Mtu} bytes go there and come back."),
        { Small: true } => new(
            "LARGE_PACKETS_LOST",
            FindingLevel.Problem,
            $"Small packets come back, those of {facts.Hub.Mtu} bytes do not: a network in between takes less.",
            "Set a lower MTU in the hub's settings (1380, else 1280), and run the line there that the settings show: it fetches them anew."),
        { } => new(
            "NO_ANSWER_THROUGH_TUNNEL",
            FindingLevel.Hint,
            "There are handshakes, but nothing answers through the tunnel.",
            $"A firewall on the spoke may keep quiet, which is no fault. If it should answer: do the allowed IPs there hold {facts.Hub.Network}, and does its firewall let in what comes through the tunnel?"),
        null => null,
    };

    /// <param name="addresses">What its name resolves to here.</param>
    /// <param name="isConnected">True when a spoke has found it all the same.</param>
    public static Finding? Endpoint(HubConfig hub, IReadOnlyList<IPAddress> addresses, bool isConnected) => addresses switch
    {
        [] => new(
            "ENDPOINT_UNKNOWN",
            isConnected ? FindingLevel.Hint : FindingLevel.Problem,
            $"The name {hub.PublicEndpoint.Host}, which spokes are given, has no address, seen from here.",
            "Mend its DNS entry, or give an address in the hub's settings."),
        _ when addresses.All(IsPrivate) => new(
            "ENDPOINT_PRIVATE",
            FindingLevel.Hint,
            $"Spokes are told to come to {hub.PublicEndpoint}, a private address: they reach it from the same network only.",
            "For spokes elsewhere, give the public address or name in the hub's settings.")
        { IsDecided = true },
        _ => null,
    };

    private static Finding? Port(ConnectionFacts facts) => facts.Hub.PublicEndpoint.Port == facts.Hub.ListenPort ? null : new(
        "PORT_IS_FORWARDED",
        FindingLevel.Hint,
        $"Spokes are told UDP port {facts.Hub.PublicEndpoint.Port}, this machine listens on {facts.Hub.ListenPort}.",
        "The router in between must forward the one to the other.")
    { IsDecided = true };

    /// <param name="overlapping">What the machine reaches by another interface.</param>
    public static Finding? Overlap(HubConfig hub, Ipv4Network? overlapping) => overlapping is not { } network ? null : new(
        "ADDRESS_CLASH", FindingLevel.Problem, $"This machine reaches {network} by another interface, although it is part of the tunnels' {hub.Network}.", "Renumber one of the two: answers to spokes may leave by the wrong way.");

    private static Finding? Doubles(ConnectionFacts facts) => facts.Moves < ManyMoves ? null : new(
        "TWO_MACHINES_ONE_KEY",
        FindingLevel.Problem,
        $"It was seen from another address {facts.Moves} times in {EndpointMoves.Window.TotalMinutes:0} minutes: likely two machines have the same key, as after a copy of a virtual machine.",
        "On the copy, uninstall with --purge and install it with a token of its own.");

    private static Finding? Clock(ConnectionFacts facts)
    {
        if (facts.Spoke.ClockOffset is not { } offset)
        {
            return null;
        }

        return offset.Duration() <= ClockTolerance ? null : new(
            "CLOCK_OFF",
            FindingLevel.Hint,
            $"When it registered, its clock was {offset.Duration().TotalMinutes:N0} minutes {(offset > TimeSpan.Zero ? "ahead of" : "behind")} the hub's.",
            "Have it set by NTP: after a clock went back, WireGuard takes its handshakes for old ones until the time has caught up.");
    }

    private static Finding? Neighbours(ConnectionFacts facts) => facts.ReachesOthers || !IsConnected(facts) ? null : new(
        "NO_SPOKE_TO_SPOKE", FindingLevel.Hint, "It reaches the hub alone: no rule lets it reach anything else.",
        "If it should reach other spokes, a network or the internet, add a rule on the page Policy.")
    { IsDecided = true };

    private static bool IsConnected(ConnectionFacts facts) => facts.Spoke.StatusAt(facts.Now) == SpokeStatus.Active;

    /// <summary>RFC 1918, RFC 6598 (carriers' NAT), RFC 4193, loopback and link-local.</summary>
    private static bool IsPrivate(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal
        || (address.AddressFamily == AddressFamily.InterNetwork && PrivateNetworks.Any(network => network.Contains(address)));

    private static readonly IReadOnlyList<IPNetwork> PrivateNetworks =
        [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
            IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("169.254.0.0/16")];
}
