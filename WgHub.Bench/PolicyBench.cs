using System.Globalization;
using WgHub.WireGuard;

namespace WgHub.Bench;

/// <summary>What the firewall's table costs at any number of spokes, beside nft's own time for next to nothing.</summary>
internal static class PolicyBench
{
    private const string Interface = "wgbench";
    private const int Groups = 40;
    private const int Times = 50;

    private static readonly string Table = NftScript.Table(Interface);

    /// <summary>Each group reaches the next one's ports; some of it the internet.</summary>
    private static readonly NftRules Rules = new()
    {
        Mark = 0x01000000,
        Tunnel = [Cidr.Parse("10.0.0.0/8"), Cidr.Parse("fd00::/64")],
        Anybody = [new("r_hub", new NftTarget.Machine(), "any", [])],
        Zones =
        [
            .. Enumerable.Range(1, Groups).Select(group => new NftZone(
                Name(group),
                [
                    new($"r_{Name(group)}", new NftTarget.Peers(Name((group % Groups) + 1)), "tcp", [new(443, 443), new(8000, 8100)]),
                    new("r_internet", new NftTarget.Internet(), "any", []),
                ])),
        ],
        MasqueradesInternet4 = true,
        MasqueradesInternet6 = true,
    };

    public static void Run(Report report)
    {
        foreach (var spokes in new[] { 10, 5_000, 65_534 })
        {
            IReadOnlyList<PeerZone> members = [.. Enumerable.Range(2, spokes).Select(Member)];
            var (rendered, applied, one, floor) = (new Samples(), new Samples(), new Samples(), new Samples());
            var script = "";
            for (var time = 0; time < 5; time++)
            {
                rendered.Time(() => script = NftScript.Whole(Interface, 1420, Rules, FirewallLook.Nothing.Counts, members));
                applied.Time(() => Programs.Feed(script, "nft", "-f", "-"));
            }

            Programs.Feed("table inet floor {\nset s {\ntype ipv4_addr\n}\n}\n", "nft", "-f", "-");
            for (var time = 0; time < Times; time++)
            {
                PeerZone[] more = [Member(200_000 + time)];
                floor.Time(() => Programs.Feed($"add element inet floor s {{ 10.9.0.{time} }}\n", "nft", "-f", "-"));
                one.Time(() => Programs.Feed(NftScript.Change(Interface, Rules, [], more), "nft", "-f", "-"));
            }

            report.Latency($"policy: the whole table as text, {spokes:N0} spokes", rendered);
            report.Latency($"policy: the whole table set by nft, {spokes:N0} spokes", applied, floor.Median);
            report.Latency($"floor: one element in a table of its own, {spokes:N0} spokes beside it", floor);
            report.Latency($"policy: one spoke more, {spokes:N0} spokes", one, floor.Median);
            report.Fact($"policy: processor time of nft for the whole table, {spokes:N0} spokes", $"{ProcessorSeconds(script):0.00} s");
            report.Fact($"policy: rules of the table, {spokes:N0} spokes", $"{Count()}");
            Programs.Feed($"delete table inet floor\ndelete table inet {Table}\n", "nft", "-f", "-");
        }
    }

    private static string Name(int group) => string.Create(CultureInfo.InvariantCulture, $"g{group}");

    private static PeerZone Member(int number) => new(
        Ipv4Network.ToText(0x0A000000 + (uint)number), string.Create(CultureInfo.InvariantCulture, $"fd00::{number >> 16:x}:{number & 0xFFFF:x}"), null,
        Name((number % Groups) + 1));

    private static double ProcessorSeconds(string script)
    {
        var before = Machine.ProcessorSecondsOf(Environment.ProcessId).Children;
        Programs.Feed(script, "nft", "-f", "-");
        return Machine.ProcessorSecondsOf(Environment.ProcessId).Children - before;
    }

    private static int Count() =>
        Programs.Read("nft", "-t", "list", "table", "inet", Table).Split('\n')
            .Count(line => line.Contains("goto", StringComparison.Ordinal) || line.Contains("accept", StringComparison.Ordinal));
}
