using WgHub.WireGuard;

namespace WgHub.Features.Policy;

/// <summary>What a machine's firewall is made of, and which zone a spoke's addresses go into.</summary>
/// <param name="Groups">Zone by name of a group; only those that rules name.</param>
/// <param name="Spokes">Zone by id of a spoke; only those that rules name.</param>
internal sealed record CompiledPolicy(NftRules Rules, IReadOnlyDictionary<string, string> Groups, IReadOnlyDictionary<string, string> Spokes)
{
    /// <returns>Null when no rule names the spoke or its group: then nothing of it has to be entered.</returns>
    public PeerZone? ZoneOf(string spokeId, string? group, string address, string? address6)
    {
        var (own, shared) = (Spokes.GetValueOrDefault(spokeId), group is null ? null : Groups.GetValueOrDefault(group));
        return own is null && shared is null ? null : new(address, address6, own, shared);
    }
}

/// <summary>Rules of people as rules of a machine. Pure.</summary>
internal static class PolicyCompiler
{
    /// <param name="mark">The bit that says "allowed".</param>
    public static CompiledPolicy Compile(PolicyState state, uint mark)
    {
        var rules = state.Rules.Where(rule => rule.Enabled).ToList();
        var parties = rules.SelectMany(rule => new[] { rule.From, rule.To }).ToList();
        var groups = Zones(parties, PartyKind.Group, "g");
        var spokes = Zones(parties, PartyKind.Spoke, "s");
        var networks = state.Networks.ToDictionary(network => network.Id);
        var made = rules.SelectMany(rule => Targets(rule.To, groups, spokes, networks).Select(to => (rule.From, Rule: ToNft(rule, to)))).ToLookup(
            one => (one.From.Kind, one.From.Id), one => one.Rule);
        Cidr[] behind = [.. state.Networks.Where(network => !network.IsBesideHub).Select(network => network.Cidr)];
        var masquerades = state.Document.Masquerades;
        var hasInternet = parties.Any(party => party.Kind == PartyKind.Internet);
        return new(
            new NftRules
            {
                Mark = mark,
                Tunnel = [.. state.HubNetworks, .. behind],
                Barred = state.Barred,
                Named = [.. state.Networks.Select(network => network.Cidr)],
                Anybody = [.. made[(PartyKind.Anybody, "")]],
                Zones =
                [
                    .. groups.Select(group => new NftZone(group.Value, [.. made[(PartyKind.Group, group.Key)]])).Where(zone => zone.Rules.Count > 0),
                    .. spokes.Select(spoke => new NftZone(spoke.Value, [.. made[(PartyKind.Spoke, spoke.Key)]])).Where(zone => zone.Rules.Count > 0),
                ],
                Sources =
                [
                    .. state.Networks.Where(network => made.Contains((PartyKind.Network, network.Id)))
                        .Select(network => new NftSource(network.Cidr, [.. made[(PartyKind.Network, network.Id)]])),
                ],
                Masqueraded = [.. state.Networks.Where(network => network is { IsBesideHub: true, Masquerades: true }).Select(network => network.Cidr)],
                MasqueradesInternet4 = hasInternet && masquerades is "both" or "ipv4",
                MasqueradesInternet6 = hasInternet && masquerades is "both" or "ipv6",
            },
            groups,
            spokes);
    }

    private static Dictionary<string, string> Zones(IEnumerable<Party> parties, PartyKind kind, string letter) => parties
        .Where(party => party.Kind == kind).Select(party => party.Id).Distinct().Order(StringComparer.Ordinal)
        .Select((id, index) => (id, Zone: FormattableString.Invariant($"{letter}{index + 1}")))
        .ToDictionary(one => one.id, one => one.Zone);

    private static IEnumerable<NftTarget> Targets(
        Party to, Dictionary<string, string> groups, Dictionary<string, string> spokes, Dictionary<string, PolicyNetwork> networks) => to.Kind switch
        {
            PartyKind.Group => [new NftTarget.Peers(groups[to.Id])],
            PartyKind.Spoke => [new NftTarget.Peers(spokes[to.Id])],
            PartyKind.Network => networks.TryGetValue(to.Id, out var network) ? [new NftTarget.Network(network.Cidr)] : [],
            PartyKind.Internet => [new NftTarget.Internet()],
            PartyKind.Hub => [new NftTarget.Machine()],
            _ => [new NftTarget.Tunnel()],
        };

    private static NftRule ToNft(PolicyRule rule, NftTarget to) => new(CounterOf(rule.Id), to, rule.Protocol, rule.Ports);

    /// <summary>The name of what counts a rule's packets.</summary>
    public static string CounterOf(string ruleId) => $"r_{ruleId.Replace('-', '_')}";
}
