using System.Globalization;

namespace WgHub.WireGuard;

/// <summary>A chain of another firewall that drops what ours lets through, or what its port has to hear.</summary>
/// <param name="What">In a sentence.</param>
/// <param name="Way">Commands that let it through.</param>
internal sealed record ForeignDrop(string What, string Way)
{
    public string Sentence(string name) => $"{What} It lets {name} through with: {Way}.";
}

/// <summary>
/// Looks at the chains of other firewalls on this machine (Docker, ufw, firewalld, Proxmox VE): an accept of one table does not overrule a drop of
/// another. They are read and never written.
/// </summary>
internal sealed class ForeignDrops(string name, NftTool nft)
{
    /// <param name="tunnel">What lies behind the interface.</param>
    /// <exception cref="WgException">nft is missing or refused.</exception>
    public async Task<IReadOnlyList<ForeignDrop>> OfForwardedAsync(IReadOnlyList<Cidr> tunnel, CancellationToken cancellationToken)
    {
        List<ForeignDrop> found = [];
        foreach (var (chain, rules) in await ChainsAsync("forward", cancellationToken))
        {
            if (PacketsOf(chain, tunnel).Any(packet => new NftWalk(packet, rules, believesAccepts: false).IsDropped(chain)))
            {
                found.Add(new($"Another firewall drops what the policy lets through: {Named(chain)}.", ForwardWay(chain, rules)));
            }
        }

        return found;
    }

    /// <summary>The same of what arrives at the tunnels' port, as far as its rules can be understood: those that may let it in are believed.</summary>
    /// <exception cref="WgException">nft is missing or refused.</exception>
    public async Task<IReadOnlyList<ForeignDrop>> OfPortAsync(int port, CancellationToken cancellationToken)
    {
        List<ForeignDrop> found = [];
        foreach (var (chain, rules) in await ChainsAsync("input", cancellationToken))
        {
            var packet = new NftPacket(IsIPv6: chain.Family == "ip6", IsNew: true) { UdpPort = port };
            if (new NftWalk(packet, rules, believesAccepts: true).IsDropped(chain))
            {
                found.Add(new(
                    string.Create(CultureInfo.InvariantCulture, $"Another firewall drops what comes to UDP port {port}: {Named(chain)}."),
                    PortWay(chain, rules, port)));
            }
        }

        return found;
    }

    /// <summary>What starts behind the interface, and the answers that come back to it.</summary>
    private IEnumerable<NftPacket> PacketsOf(NftChain chain, IReadOnlyList<Cidr> tunnel)
    {
        foreach (var isIPv6 in new[] { false, true })
        {
            var own = tunnel.Where(network => network.IsIPv6 == isIPv6).ToList();
            if (own.Count > 0 && chain.Family != (isIPv6 ? "ip" : "ip6"))
            {
                yield return new(isIPv6, IsNew: true) { From = name, Sources = own };
                yield return new(isIPv6, IsNew: false) { To = name, Destinations = own };
            }
        }
    }

    /// <summary>Without the tables of this hub and of others on this machine.</summary>
    private async Task<List<(NftChain Chain, ILookup<string, NftRuleLine> Rules)>> ChainsAsync(string hook, CancellationToken cancellationToken)
    {
        List<(NftChain, ILookup<string, NftRuleLine>)> chains = [];
        foreach (var chain in await nft.BaseChainsAsync(hook, cancellationToken))
        {
            if (chain.Family is "ip" or "ip6" or "inet" && !NftScript.IsTable(chain.Table))
            {
                chains.Add((chain, (await nft.RulesAsync(chain, cancellationToken)).ToLookup(rule => rule.Chain)));
            }
        }

        return chains;
    }

    private static string Named(NftChain chain) =>
        $"the chain {chain.Name} of the table {chain.Family} {chain.Table}{(chain.Policy == "drop" ? " has the policy drop" : "")}";

    private string ForwardWay(NftChain chain, ILookup<string, NftRuleLine> rules) => chain switch
    {
        _ when rules.Contains("DOCKER-USER") || JumpsTo(rules, "FORWARD", "DOCKER-USER") =>
            $"iptables -I DOCKER-USER -i {name} -j ACCEPT; iptables -I DOCKER-USER -o {name} -j ACCEPT",
        _ when JumpsTo(rules, chain.Name, "ufw-") => $"ufw route allow in on {name}; ufw route allow out on {name}",
        { Table: "firewalld" } => $"firewall-cmd --permanent --zone=trusted --add-interface={name}; firewall-cmd --reload",
        _ => $"nft insert rule {chain.Family} {chain.Table} {chain.Name} iifname {name} accept; "
            + $"nft insert rule {chain.Family} {chain.Table} {chain.Name} oifname {name} accept",
    };

    private static string PortWay(NftChain chain, ILookup<string, NftRuleLine> rules, int port) => chain switch
    {
        _ when JumpsTo(rules, chain.Name, "ufw-") => string.Create(CultureInfo.InvariantCulture, $"ufw allow {port}/udp"),
        { Table: "firewalld" } => string.Create(CultureInfo.InvariantCulture, $"firewall-cmd --permanent --add-port={port}/udp; firewall-cmd --reload"),
        { Family: "ip", Name: "INPUT" } => string.Create(CultureInfo.InvariantCulture, $"iptables -I INPUT -p udp --dport {port} -j ACCEPT"),
        _ => string.Create(CultureInfo.InvariantCulture, $"nft insert rule {chain.Family} {chain.Table} {chain.Name} udp dport {port} accept"),
    };

    private static bool JumpsTo(ILookup<string, NftRuleLine> rules, string chain, string start) => rules[chain]
        .SelectMany(rule => rule.Expressions)
        .Any(part => part.TryGetProperty("jump", out var jump) && jump.GetProperty("target").GetString()?.StartsWith(start, StringComparison.Ordinal) == true);
}
