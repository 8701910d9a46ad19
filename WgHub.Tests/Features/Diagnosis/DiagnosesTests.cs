using System.Net;
using WgHub.Features.Hub;
using WgHub.Features.Spokes;
using WgHub.TestKit;
using WgHub.WireGuard;

namespace WgHub.Features.Diagnosis;

public sealed class DiagnosesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly HubConfig Hub = new()
    {
        Id = new("hub"),
        InterfaceName = "wg0",
        ListenPort = 51820,
        Key = PublicKey.Parse(Wg.NewKey()),
        Network = Network("10.8.0.0/24"),
        Network6 = null,
        Address = Network("10.8.0.1/32").First,
        PublicEndpoint = Endpoint("203.0.113.5:51820"),
        PrivateEndpoint = null,
        Dns = [],
        Mtu = 1420,
        SpokeToSpoke = true,
        PresharedKeys = true,
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    private static readonly Spoke Spoke = new()
    {
        Id = "id",
        Hub = Hub.Id,
        Name = "oslo",
        Address = Ipv4Address.Parse("10.8.0.2"),
        Key = PublicKey.Parse(Wg.NewKey()),
        Os = "linux",
        RegisteredAt = Now.AddHours(-1),
        LastHandshake = Now.AddSeconds(-20),
        ReceivedBytes = 500,
        SentBytes = 500,
        Endpoint = "198.51.100.7:40000",
    };

    /// <summary>All is well.</summary>
    private static readonly ConnectionFacts Facts = new()
    {
        Spoke = Spoke,
        Hub = Hub,
        Peer = new(Spoke.Endpoint!, "", 0, 500, 0),
        ReachesOthers = true,
        OthersConnected = 3,
        EndpointAddresses = [IPAddress.Parse("203.0.113.5")],
        Overlapping = null,
        Moves = 0,
        Echo = new(true, true),
        Now = Now,
    };

    [Fact]
    public void A_connected_spoke_has_no_problem() => Assert.Equal(["CONNECTED", "TRAFFIC_BOTH_WAYS"], CodesOf(Facts));

    [Fact]
    public void A_spoke_that_is_switched_off_is_told_so_before_anything_else() =>
        Assert.Equal("DISABLED", FirstOf(Facts with { Spoke = Spoke with { Enabled = false }, Peer = null }));

    [Fact]
    public void A_spoke_whose_time_is_over_is_told_when() =>
        Assert.Contains(
            "ended 2 h ago", Diagnoses.Of(Facts with { Spoke = Spoke with { ExpiresAt = Now.AddHours(-2) }, Peer = null })[0].What, StringComparison.Ordinal);

    [Fact]
    public void A_peer_that_the_interface_lacks_is_the_hubs_own_fault() => Assert.Equal("NOT_ON_INTERFACE", FirstOf(Facts with { Peer = null }));

    [Theory]
    [InlineData(0, "Open UDP port 51820")]
    [InlineData(3, "On its side")]
    public void Where_to_look_when_nothing_arrives_depends_on_the_others(int others, string advice)
    {
        var finding =
            Diagnoses.Of(Facts with { Spoke = Spoke with { LastHandshake = null }, Peer = new("", "", 0, 0, 0), OthersConnected = others, Echo = null })[0];

        Assert.Equal("NOTHING_ARRIVES", finding.Code);
        Assert.Contains(advice, finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handshake_that_arrives_and_is_never_finished_is_another_matter() =>
        Assert.Equal(
            "HALF_A_HANDSHAKE",
            FirstOf(Facts with { Spoke = Spoke with { LastHandshake = null }, Peer = new("198.51.100.7:40000", "", 0, 148, 0), Echo = null }));

    [Fact]
    public void A_spoke_that_fell_silent_is_told_when_and_where_it_was_last_seen()
    {
        var finding = Diagnoses.Of(Facts with { Spoke = Spoke with { LastHandshake = Now.AddMinutes(-10) }, Echo = null })[0];

        Assert.Equal("SILENT", finding.Code);
        Assert.Contains("10 min ago, from 198.51.100.7:40000", finding.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, "LARGE_PACKETS_LOST")]
    [InlineData(false, false, "NO_ANSWER_THROUGH_TUNNEL")]
    public void Handshakes_without_traffic_are_looked_at(bool small, bool full, string code) =>
        Assert.Contains(code, CodesOf(Facts with { Echo = new(small, full) }));

    [Fact]
    public void An_endpoint_without_an_address_is_the_cause_unless_the_spoke_is_connected()
    {
        Assert.Equal(
            "ENDPOINT_UNKNOWN",
            FirstOf(Facts with { Spoke = Spoke with { LastHandshake = null }, Peer = new("", "", 0, 0, 0), EndpointAddresses = [], Echo = null }));
        Assert.All(Diagnoses.Of(Facts with { EndpointAddresses = [] }), finding => Assert.NotEqual(FindingLevel.Problem, finding.Level));
    }

    [Theory]
    [InlineData("192.168.1.15", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("203.0.113.5", false)]
    [InlineData("172.32.0.1", false)]
    [InlineData("2001:db8::1", false)]
    public void A_private_endpoint_is_told_after_what_is_well(string address, bool told) =>
        Assert.Equal(told ? 2 : -1, CodesOf(Facts with { EndpointAddresses = [IPAddress.Parse(address)] }).ToList().IndexOf("ENDPOINT_PRIVATE"));

    [Fact]
    public void A_port_that_is_forwarded_is_told() =>
        Assert.Contains("PORT_IS_FORWARDED", CodesOf(Facts with { Hub = Hub with { PublicEndpoint = Endpoint("203.0.113.5:443") } }));

    [Fact]
    public void A_network_that_clashes_comes_first() => Assert.Equal("ADDRESS_CLASH", FirstOf(Facts with { Overlapping = Network("10.8.0.128/25") }));

    [Theory]
    [InlineData(Diagnoses.ManyMoves, true)]
    [InlineData(Diagnoses.ManyMoves - 1, false)]
    public void Two_machines_with_one_key_show_by_their_addresses(int moves, bool told) =>
        Assert.Equal(told, CodesOf(Facts with { Moves = moves }).Contains("TWO_MACHINES_ONE_KEY"));

    [Theory]
    [InlineData(-30, false)]
    [InlineData(600, true)]
    [InlineData(-600, true)]
    public void A_clock_that_is_off_is_told(int seconds, bool told) =>
        Assert.Equal(told, CodesOf(Facts with { Spoke = Spoke with { ClockOffset = TimeSpan.FromSeconds(seconds) } }).Contains("CLOCK_OFF"));

    [Fact]
    public void A_clock_that_its_owner_calls_so_is_not_ours() =>
        Assert.DoesNotContain("CLOCK_OFF", CodesOf(Facts with { Spoke = Spoke with { Metadata = """{"clock":"5"}""" } }));

    [Fact]
    public void Spokes_that_cannot_reach_each_other_are_told_why() =>
        Assert.Contains("NO_SPOKE_TO_SPOKE", CodesOf(Facts with { ReachesOthers = false }));

    [Fact]
    public void Every_problem_says_what_to_do()
    {
        ConnectionFacts[] all =
        [
            Facts with { Spoke = Spoke with { Enabled = false }, Peer = null },
            Facts with { Peer = null },
            Facts with { Spoke = Spoke with { LastHandshake = null }, Peer = new("", "", 0, 0, 0), EndpointAddresses = [],
                Overlapping = Network("10.8.0.0/28"), Moves = 9 },
            Facts with { Spoke = Spoke with { LastHandshake = null }, Echo = new(true, false) },
        ];

        Assert.All(
            all.SelectMany(Diagnoses.Of).Where(finding => finding.Level != FindingLevel.Ok), finding => Assert.False(string.IsNullOrEmpty(finding.Advice)));
    }

    private static string FirstOf(ConnectionFacts facts) => CodesOf(facts)[0];

    private static IReadOnlyList<string> CodesOf(ConnectionFacts facts) => [.. Diagnoses.Of(facts).Select(finding => finding.Code)];

    private static Ipv4Network Network(string text) => Ipv4Network.TryParse(text, out var network) ? network : throw new FormatException(text);

    private static WgEndpoint Endpoint(string text) => WgEndpoint.TryParse(text, 51820, out var endpoint) ? endpoint : throw new FormatException(text);
}
