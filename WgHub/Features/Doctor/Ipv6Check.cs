using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>IPv6 of this machine, where the network has such addresses.</summary>
internal sealed class Ipv6Check : Check
{
    public override string Name => "ipv6";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken)
    {
        var isOff = Ipv6.IsOff(facts.Interface);
        IReadOnlyList<DoctorFinding> found = (isOff, facts.Hub) switch
        {
            (true, { Network6: { } network }) => [Warning(
                "IPV6_OFF", $"The hub's network has IPv6 addresses ({network}), and IPv6 is switched off here: spokes reach {facts.Interface} by IPv4 alone.",
                $"sysctl -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.{facts.Interface}.disable_ipv6=0 (a kernel started with ipv6.disable=1 has none)")],
            (true, _) => [Ok("IPv6 is switched off on this machine, and not needed: the network is IPv4 alone.")],
            (_, { Network6: null }) => [Ok("The hub's network is IPv4 alone.")],
            _ => [Ok("This machine has IPv6.")],
        };
        return Task.FromResult(found);
    }
}
