using FsCheck;
using FsCheck.Fluent;
using WgHub.TestKit;

namespace WgHub.WireGuard;

/// <summary>
/// Whatever rules there are, the real nft takes the table, prints it as it was meant, and changes of peers lead to the same table as a new one.
/// </summary>
public sealed class NftScriptTests
{
    private const string Interface = "nftrules0";

    private static readonly Cidr[] Networks =
    [
        .. new[] { "10.1.0.0/16", "10.1.2.0/24", "192.168.7.7/32", "fd01::/64", "fd01::5/128", "0.0.0.0/1" }.Select(text => Cidr.Parse(text)),
    ];

    private static readonly Gen<NftTarget> Target = Gen.OneOf(
        Gen.Elements<NftTarget>(new NftTarget.Tunnel(), new NftTarget.Internet(), new NftTarget.Machine()),
        Gen.Elements("g1", "g2", "s1").Select(NftTarget (zone) => new NftTarget.Peers(zone)),
        Gen.Elements(Networks).Select(NftTarget (network) => new NftTarget.Network(network)));

    private static readonly Gen<NftRule> Rule =
        from counter in Gen.Elements("r_1", "r_2", "r_3")
        from to in Target
        from protocol in Gen.Elements("any", "tcp", "udp", "icmp")
        from ports in Gen.Elements("", "22", "22,80-90,65535")
        select new NftRule(counter, to, protocol, protocol != "icmp" && PortRange.TryParse(ports, out var parsed) ? parsed : []);

    private static readonly Gen<NftRules> Rules =
        from anybody in Gen.ListOf(Rule)
        from shared in Gen.ListOf(Rule)
        from spoke in Gen.ListOf(Rule)
        from source in Gen.ListOf(Rule)
        from barred in Gen.SubListOf(Networks)
        from named in Gen.SubListOf(Networks)
        from masquerades in Gen.Elements(true, false)
        select new NftRules
        {
            Mark = 0x01000000,
            Tunnel = [Cidr.Parse("10.8.0.0/24"), Cidr.Parse("fd08::/64"), .. named],
            Barred = [.. barred],
            Named = [.. named],
            Anybody = [.. anybody],
            Zones = [new("g1", [.. shared]), new("s1", [.. spoke])],
            Sources = [new(Networks[0], [.. source])],
            Masqueraded = [.. named],
            MasqueradesInternet4 = masquerades,
            MasqueradesInternet6 = !masquerades,
        };

    private static readonly Gen<IReadOnlyList<PeerZone>> Peers = Gen.ListOf(
            from host in Gen.Choose(2, 40)
            from hasV6 in Gen.Elements(true, false)
            from own in Gen.Elements("s1", null)
            from shared in Gen.Elements("g1", "g2", null)
            select new PeerZone($"10.8.0.{host}", hasV6 ? $"fd08::a08:{host:x}" : null, own, shared))
        .Select(IReadOnlyList<PeerZone> (peers) => [.. peers.DistinctBy(peer => peer.Address)]);

    private static readonly Gen<(NftRules Rules, IReadOnlyList<PeerZone> Before, IReadOnlyList<PeerZone> After)> Cases =
        from rules in Rules
        from before in Peers
        from after in Peers
        select (rules, before, after);

    [Fact]
    public async Task Any_rules_are_a_table_that_nft_takes_and_prints_as_meant()
    {
        foreach (var (rules, before, after) in Cases.Sample(12, 40))
        {
            await NftAsync(NftScript.Whole(Interface, 1420, rules, FirewallLook.Nothing.Counts, before));
            Assert.Equal(Expected(rules, before), await PresentAsync(rules));
            var gone = before.Except(after).ToList();
            var come = after.Except(before).ToList();
            if (NftScript.Change(Interface, rules, gone, come) is { Length: > 0 } change)
            {
                await NftAsync(change);
            }

            Assert.Equal(Expected(rules, after), await PresentAsync(rules));
        }

        await NftAsync($"delete table inet {NftScript.Table(Interface)}");
    }

    [Fact]
    public void There_are_as_many_lines_for_ten_peers_as_for_ten_thousand()
    {
        var rules = Rules.Sample(5, 1)[0];
        int Lines(int peers) => NftScript
            .Whole(
                Interface, 1420, rules, FirewallLook.Nothing.Counts,
                Enumerable.Range(0, peers).Select(number => new PeerZone($"10.{number >> 8}.{number & 255}.9", null, null, "g1")))
            .Split('\n').Count(line => !line.StartsWith("10.", StringComparison.Ordinal));

        Assert.InRange(Lines(10_000) - Lines(10), 0, 0);
    }

    private static string Expected(NftRules rules, IReadOnlyList<PeerZone> peers) =>
        string.Join(
            '\n',
            NftScript.Members(rules, peers).OrderBy(set => set.Key)
                .Select(set => $"{set.Key}: {string.Join(", ", set.Value.Order(StringComparer.Ordinal))}"));

    private static async Task<string> PresentAsync(NftRules rules)
    {
        List<string> lines = [];
        foreach (var set in NftScript.Members(rules, []).Keys.Order())
        {
            var text = await Wg.RunAsync($"nft list {NftScript.KindOf(set)} inet {NftScript.Table(Interface)} {set}");
            var members = System.Text.RegularExpressions.Regex.Match(text, @"elements = \{([^}]*)\}").Groups[1].Value
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            lines.Add($"{set}: {string.Join(", ", members.Order(StringComparer.Ordinal))}");
        }

        return string.Join('\n', lines);
    }

    private static async Task NftAsync(string script) => (await Shell.RunAsync(["nft", "-f", "-"], script, TestContext.Current.CancellationToken)).OrThrow();
}
