using WgHub.Features.Hub;
using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>The interface itself: there, up, with the hub's key, port and addresses.</summary>
internal sealed class InterfaceCheck(MachineSigns machine) : Check
{
    public override string Name => "interface";

    public override async Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken)
    {
        var signs = await machine.ReadAsync(facts.Interface, cancellationToken);
        return (facts.Hub, signs) switch
        {
            (null, { Peers: > 0 }) => [Warning(
                "INTERFACE_OCCUPIED", $"The interface {facts.Interface} is there already and has {signs.Peers:N0} peers. A set-up does not take it.",
                "Set WireGuard:Interface to another name, or take it over (docs/import.md).")],
            (null, _) => [Ok($"No hub is set up here. The interface will be {facts.Interface}.")],
            (_, null) => [Failure("INTERFACE_MISSING", $"There is no interface {facts.Interface}.", facts.Mending)],
            ({ } hub, _) => Or(
                [.. Found(facts, hub, signs)],
                $"{facts.Interface} is up with the hub's key, UDP port {hub.ListenPort}, {string.Join(" and ", AddressesOf(hub))} and MTU {hub.Mtu}."),
        };
    }

    private IEnumerable<DoctorFinding> Found(HubFacts facts, HubConfig hub, InterfaceSigns signs)
    {
        var name = facts.Interface;
        if (!signs.Link.IsUp)
        {
            yield return Failure("INTERFACE_DOWN", $"The interface {name} is down.", $"ip link set dev {name} up");
        }

        if (signs.Failure is { } said)
        {
            yield return Lacks.MayMakeInterfaces
                ? Failure("INTERFACE_UNREADABLE", $"wg does not tell of {name}: {said}", facts.Mending)
                : Warning("INTERFACE_UNREADABLE", $"wg does not tell this user of {name}: {said}", "sudo wghub doctor");
        }
        else
        {
            if (signs.Key != hub.Key)
            {
                yield return Failure("INTERFACE_KEY", $"The interface {name} has not the hub's key: no spoke's handshake is answered.", facts.Mending);
            }

            if (signs.Port != hub.ListenPort)
            {
                yield return Failure(
                    "INTERFACE_PORT", $"The interface {name} listens on UDP port {signs.Port}, and spokes come to {hub.ListenPort}.",
                    $"wg set {name} listen-port {hub.ListenPort}");
            }
        }

        var missing = AddressesOf(hub).Except(signs.Link.Addresses);
        foreach (var address in missing.Where(address => !address.Contains(':', StringComparison.Ordinal) || !Ipv6.IsOff(name)))
        {
            yield return Failure("INTERFACE_ADDRESS", $"The interface {name} has not the hub's address {address}.", $"ip address replace {address} dev {name}");
        }

        if (signs.Link.Mtu != hub.Mtu)
        {
            yield return Warning(
                "INTERFACE_MTU", $"The interface {name} has MTU {signs.Link.Mtu}, and spokes are told {hub.Mtu}.", $"ip link set dev {name} mtu {hub.Mtu}");
        }
    }

    private static IEnumerable<string> AddressesOf(HubConfig hub) => new[] { hub.InterfaceAddress, hub.InterfaceAddress6 }.OfType<string>();
}
