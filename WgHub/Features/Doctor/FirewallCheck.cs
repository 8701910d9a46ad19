using WgHub.Features.Hub;
using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>The hub's own table and guard, and other firewalls that drop what it lets through.</summary>
internal sealed class FirewallCheck(MachineSigns machine) : Check
{
    private const string LegacyTables = "/proc/net/ip_tables_names";

    public override string Name => "firewall";

    public override async Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken)
    {
        var found = facts is { Hub: { } hub, Rules: { } rules } ? await FoundAsync(facts, hub, rules, cancellationToken) : [];
        if (HasLegacyFilter())
        {
            found.Add(Warning(
                "IPTABLES_LEGACY", "There are rules of iptables-legacy on this machine, which nft does not show.",
                "iptables-legacy -S tells whether its FORWARD or INPUT drop something. Move them to nft: update-alternatives --set iptables "
                    + "/usr/sbin/iptables-nft"));
        }

        return facts.Hub is null && found.Count == 0 ? [] : Or(found, "The hub's table and guard are set, and no other firewall is seen to stand in the way.");
    }

    private async Task<List<DoctorFinding>> FoundAsync(HubFacts facts, HubConfig hub, NftRules rules, CancellationToken cancellationToken)
    {
        List<DoctorFinding> found = [];
        if (!await machine.HasTableAsync(facts.Interface, cancellationToken))
        {
            found.Add(Failure("FIREWALL_MISSING", "The hub's firewall table is not there: nothing passes between spokes or beyond the hub.", facts.Mending));
        }

        if (!await machine.HasGuardAsync(facts.Interface, cancellationToken))
        {
            found.Add(Failure("GUARD_MISSING", "The rules of routing that guard against a flushed firewall are not there.", facts.Mending));
        }

        var others = machine.OthersBeside(facts.Interface);
        if (rules.Forwards)
        {
            found.AddRange((await others.OfForwardedAsync(rules.Tunnel, cancellationToken)).Select(drop => Failure(
                "FOREIGN_FORWARD_DROP", drop.What,
                drop.Way)));
        }

        found.AddRange((await others.OfPortAsync(hub.ListenPort, cancellationToken))
            .Select(drop => Warning("FOREIGN_INPUT_DROP", $"{drop.What} Only a spoke can prove whether it comes through all the same.", drop.Way)));
        return found;
    }

    private static bool HasLegacyFilter()
    {
        try
        {
            return File.Exists(LegacyTables) && File.ReadLines(LegacyTables).Contains("filter");
        }
        catch (UnauthorizedAccessException)
        {
            return false; // root's to read
        }
    }
}
