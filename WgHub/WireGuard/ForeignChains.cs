using System.Text.Json;

namespace WgHub.WireGuard;

/// <summary>
/// Chains of other firewalls on this machine (Docker, ufw, firewalld, Proxmox VE) that would drop what ours lets through: an accept of one table does
/// not overrule a drop of another. They are read, told with what lets the interface through, and never written.
/// </summary>
internal sealed class ForeignChains(string name, NftTool nft, NftGeneration generation)
{
    private (uint? Generation, IReadOnlyList<string> Found) _last = (null, []);

    private static readonly string[] Verdicts = ["accept", "jump", "goto"];

    /// <summary>Looks anew only when some ruleset has changed.</summary>
    /// <returns>Sentences; none where nothing stands in the way, or nft does not tell: that is told elsewhere.</returns>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellationToken)
    {
        if (generation.Current() is var now && (now is null || now != _last.Generation))
        {
            try
            {
                _last = (now, await LookAsync(cancellationToken));
            }
            catch (WgException)
            {
                _last = (null, []);
            }
        }

        return _last.Found;
    }

    private async Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellationToken)
    {
        List<string> found = [];
        foreach (var chain in (await nft.ForwardChainsAsync(cancellationToken)).Where(chain => chain.Policy == "drop"))
        {
            var rules = (await nft.RulesAsync(chain, cancellationToken)).ToLookup(rule => rule.Chain);
            if (!LetsThrough(rules, chain.Name, "iifname", []) || !LetsThrough(rules, chain.Name, "oifname", []))
            {
                found.Add(
                    $"Another firewall drops what the policy lets through: the chain {chain.Name} of the table {chain.Family} {chain.Table} has the "
                    + $"policy drop. It lets {name} through with: {Way(chain, rules)}.");
            }
        }

        return found;
    }

    /// <summary>True when something accepts what comes from, or goes to, the interface, and asks for no more than answers.</summary>
    private bool LetsThrough(ILookup<string, NftRuleLine> rules, string chain, string side, HashSet<string> seen) =>
        seen.Add(chain) && rules[chain].Any(rule => Verdict(rule) switch
        {
            ("accept", _) => rule.Expressions.All(part => IsNoHindrance(part, side)),
            ("jump" or "goto", { } target) => rule.Expressions.All(part => IsNoHindrance(part, side)) && LetsThrough(rules, target, side, seen),
            _ => false,
        });

    private bool IsNoHindrance(JsonElement part, string side)
    {
        if (!part.TryGetProperty("match", out var match))
        {
            return true;
        }

        var left = match.GetProperty("left");
        return left.TryGetProperty("ct", out _)
            || (left.TryGetProperty("meta", out var meta) && meta.GetProperty("key").GetString() == side && match.GetProperty("op").GetString() == "=="
                && match.GetProperty("right") is { ValueKind: JsonValueKind.String } right && right.GetString() == name);
    }

    private static (string? Verdict, string? Target) Verdict(NftRuleLine rule)
    {
        foreach (var part in rule.Expressions)
        {
            foreach (var verdict in Verdicts.Where(verdict => part.TryGetProperty(verdict, out _)))
            {
                var value = part.GetProperty(verdict);
                return (verdict, value.ValueKind == JsonValueKind.Object ? value.GetProperty("target").GetString() : null);
            }
        }

        return (null, null);
    }

    private string Way(NftChain chain, ILookup<string, NftRuleLine> rules) => chain switch
    {
        _ when rules.Contains("DOCKER-USER") || rules["FORWARD"].Any(rule => Verdict(rule).Target == "DOCKER-USER") =>
            $"iptables -I DOCKER-USER -i {name} -j ACCEPT; iptables -I DOCKER-USER -o {name} -j ACCEPT",
        _ when rules[chain.Name].Any(rule => Verdict(rule).Target?.StartsWith("ufw-", StringComparison.Ordinal) == true) =>
            $"ufw route allow in on {name}; ufw route allow out on {name}",
        { Table: "firewalld" } => $"firewall-cmd --permanent --zone=trusted --add-interface={name}; firewall-cmd --reload",
        _ => $"nft insert rule {chain.Family} {chain.Table} {chain.Name} iifname {name} accept; "
            + $"nft insert rule {chain.Family} {chain.Table} {chain.Name} oifname {name} accept",
    };
}
