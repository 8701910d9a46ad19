using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>The kernel's own switches: off, nothing passes whatever the policy says.</summary>
internal sealed class ForwardingCheck : Check
{
    public override string Name => "forwarding";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken) => Task.FromResult(Look(facts));

    private IReadOnlyList<DoctorFinding> Look(HubFacts facts)
    {
        if (facts.Rules is not { } rules || !MachineSigns.HasInterface(facts.Interface))
        {
            return [];
        }

        return rules.Forwards
            ? Or([.. Found(facts.Interface, rules)], "What the policy allows is forwarded.")
            : [Ok("No rule lets anything pass through this machine, so nothing has to be forwarded.")];
    }

    private IEnumerable<DoctorFinding> Found(string name, NftRules rules)
    {
        var switches = MachineLook.SwitchesOf(name);
        if (!switches.On4)
        {
            yield return Failure(
                "FORWARDING_OFF", $"IPv4 from {name} is not forwarded, and the policy lets some of it pass.",
                $"sysctl -w net.ipv4.conf.{name}.forwarding=1");
        }

        if (!switches.On6 && rules.Tunnel.Any(network => network.IsIPv6) && !Ipv6.IsOff(name))
        {
            yield return Failure(
                "FORWARDING6_OFF", $"IPv6 from {name} is not forwarded, and the policy lets some of it pass.",
                "sysctl -w net.ipv6.conf.all.forwarding=1");
        }

        if (switches.IsStrict)
        {
            yield return Warning(
                "RP_FILTER_STRICT",
                $"The kernel's check of senders is strict (rp_filter=1) and takes no mark along: with the guard it drops what comes from {name}.",
                $"sysctl -w net.ipv4.conf.{name}.src_valid_mark=1, or net.ipv4.conf.{name}.rp_filter=2");
        }
    }
}
