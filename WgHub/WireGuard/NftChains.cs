using System.Globalization;

namespace WgHub.WireGuard;

/// <summary>The chains of a table: what starts behind the interface, what comes to it from elsewhere, and whose address it bears then.</summary>
/// <remarks>
/// A reply goes before everything else, and the first direction always through the maps: a rule that is withdrawn ends what was open.
/// A line before <c>}</c> for each policy: nft 1.0.6 takes no <c>policy drop; }</c>. Protocols by number (1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6): a
/// machine without /etc/protocols, as a minimal Debian, knows no names.
/// </remarks>
internal static class NftChains
{
    private const string Refused = NftScript.Refused;

    private const string Replies =
        """
        ct direction reply ct state { established, related } goto pass
        ct state related meta l4proto { 1, 58 } goto pass
        """;

    public static string Of(string name, int mtu, NftRules rules)
    {
        var bit = $"0x{rules.Mark.ToString("x8", CultureInfo.InvariantCulture)}";
        return string.Concat(
            Verdicts(bit),
            Chain("anybody", rules.Anybody, "goto refuse"),

            // A peer's own rules come back, and go on with those of its group.
            string.Concat(rules.Zones.Select(zone => Chain($"from_{zone.Name}", zone.Rules, zone.Name[0] == 's' ? "return" : "goto anybody"))),

            // What anybody may holds for a network behind a peer too; one beside this machine has its own rules alone.
            string.Concat(rules.Sources.Select((source, index) =>
                Chain($"net_{Text(index)}", source.Rules, rules.Tunnel.Contains(source.Network) ? "goto anybody" : "goto refuse"))),
            Before(name, rules),
            Behind(name, bit),
            Forward(name, mtu, bit),
            Addresses(name, rules));
    }

    private static string Verdicts(string bit) =>
        $$"""
        chain pass {
            meta mark set meta mark | {{bit}} accept
        }
        chain refuse {
            meta l4proto 6 counter name {{Refused}} reject with tcp reset
            counter name {{Refused}} reject with icmpx admin-prohibited
        }

        """;

    private static string Chain(string chain, IReadOnlyList<NftRule> rules, string otherwise) =>
        $"chain {chain} {{\n{string.Concat(rules.SelectMany(Lines).Select(line => $"{line}\n"))}{otherwise}\n}}\n";

    /// <summary>An answer to this machine's own address is a peer's only after NAT, which comes later: the connection tells.</summary>
    private static string Before(string name, NftRules rules)
    {
        var networks = string.Concat(rules.Sources.Select((source, index) =>
            $"{NftFamily.Ip(source.Network)} saddr {source.Network} goto net_{Text(index)}\n"));
        return $$"""
            chain inward {
                fib daddr type local accept
                ct state invalid drop
                ip saddr @barred_4 goto refuse
                ip6 saddr @barred_6 goto refuse
                {{Replies}}
                {{networks}}
                goto refuse
            }
            chain outside {
                ct direction reply ct state { established, related } ct original ip saddr @tunnel_4 goto pass
                ct direction reply ct state { established, related } ct original ip6 saddr @tunnel_6 goto pass
                ip daddr @tunnel_4 goto inward
                ip6 daddr @tunnel_6 goto inward
            }
            chain pre {
                type filter hook prerouting priority mangle; policy accept;
                iifname != "{{name}}" goto outside
                ip daddr @barred_4 goto refuse
                ip6 daddr @barred_6 goto refuse
                ct state invalid drop
                {{Replies}}
                ip saddr vmap @{{NftScript.Spokes}}_4
                ip6 saddr vmap @{{NftScript.Spokes}}_6
                ip saddr vmap @{{NftScript.Groups}}_4
                ip6 saddr vmap @{{NftScript.Groups}}_6
                {{networks}}
                goto anybody
            }

            """;
    }

    /// <summary>
    /// Behind other tables' new destinations: what was for this machine itself may be for a container now. The guard would refuse it in silence.
    /// </summary>
    private static string Behind(string name, string bit) =>
        $$"""
        chain behind {
            type filter hook prerouting priority dstnat + 1; policy accept;
            iifname "{{name}}" meta mark & {{bit}} == 0 fib daddr type unicast goto refuse
        }

        """;

    /// <summary>
    /// MSS in both directions, since a host beside this machine knows nothing of the tunnel's MTU; and once more what must not pass, behind an
    /// address that another table may have changed.
    /// </summary>
    private static string Forward(string name, int mtu, string bit) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        chain toward {
            type filter hook forward priority filter; policy accept;
            iifname "{{name}}" meta nfproto ipv4 tcp flags syn / syn,rst tcp option maxseg size set {{mtu - 40}}
            iifname "{{name}}" meta nfproto ipv6 tcp flags syn / syn,rst tcp option maxseg size set {{mtu - 60}}
            oifname "{{name}}" tcp flags syn / syn,rst tcp option maxseg size set rt mtu
            iifname "{{name}}" meta mark & {{bit}} == 0 counter name {{Refused}} drop
            oifname "{{name}}" meta mark & {{bit}} == 0 counter name {{Refused}} drop
            iifname "{{name}}" ip daddr @barred_4 counter name {{Refused}} drop
            iifname "{{name}}" ip6 daddr @barred_6 counter name {{Refused}} drop
        }

        """);

    private static string Addresses(string name, NftRules rules)
    {
        IEnumerable<string> targets =
        [
            .. rules.Masqueraded.Select(network => $"{NftFamily.Ip(network)} daddr {network}"),
            .. rules.MasqueradesInternet4 ? ["ip daddr != @inside_4"] : Array.Empty<string>(),
            .. rules.MasqueradesInternet6 ? ["ip6 daddr != @inside_6"] : Array.Empty<string>(),
        ];
        var lines = string.Concat(targets.Select(target => $"iifname \"{name}\" oifname != \"{name}\" {target} masquerade\n"));
        return $"chain nat {{\ntype nat hook postrouting priority srcnat; policy accept;\n{lines}}}\n";
    }

    private static IEnumerable<string> Lines(NftRule rule) => rule.To switch
    {
        NftTarget.Network { To: var network } =>
            [Line($"{NftFamily.Ip(network)} daddr {network} fib daddr type != local", rule, NftFamily.Of(network))],
        NftTarget.Machine => NftFamily.Both.Select(family => Line($"meta nfproto ipv{Text(family)} fib daddr type local", rule, family)),
        _ => NftFamily.Both.Select(family => Line($"{NftFamily.Ip(family)} daddr {Where(rule.To, family)}", rule, family)),
    };

    /// <summary>A network may hold addresses of this machine too, which is a target of its own.</summary>
    private static string Where(NftTarget to, int family) => to switch
    {
        NftTarget.Peers { Zone: var zone } => $"@{zone}_{Text(family)}",
        NftTarget.Tunnel => $"@tunnel_{Text(family)} fib daddr type != local",
        _ => $"!= @inside_{Text(family)} fib daddr type != local",
    };

    /// <summary>This machine's own sockets need no mark: what is forwarded for it, to a container, has to be named by its port.</summary>
    private static string Line(string where, NftRule rule, int family) =>
        $"{where} {Protocol(rule, family)}counter name {rule.Counter} {(rule.To is NftTarget.Machine && rule.Ports.Count == 0 ? "accept" : "goto pass")}";

    private static string Protocol(NftRule rule, int family) => (rule.Protocol, rule.Ports.Count) switch
    {
        ("icmp", _) => family == 4 ? "meta l4proto 1 " : "meta l4proto 58 ",
        ("tcp", 0) => "meta l4proto 6 ",
        ("udp", 0) => "meta l4proto 17 ",
        ("tcp" or "udp", _) => $"{rule.Protocol} dport {{ {string.Join(", ", rule.Ports)} }} ",
        (_, 0) => "",
        _ => $"meta l4proto {{ 6, 17 }} th dport {{ {string.Join(", ", rule.Ports)} }} ",
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
