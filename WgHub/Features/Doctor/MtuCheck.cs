using System.Net;
using System.Net.Sockets;
using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>Whether a packet of the tunnel, in its wrapping, goes through this machine's way out.</summary>
internal sealed class MtuCheck(MachineSigns machine) : Check
{
    private const int Wrapping = 60, Wrapping6 = 80; // IP, UDP and WireGuard's own 32 bytes

    public override string Name => "mtu";

    public override async Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken)
    {
        if (facts.Hub is not { } hub)
        {
            return [];
        }

        if (await machine.UplinkAsync(cancellationToken) is not { } uplink)
        {
            return [Ok("This machine has no default route, so what its way out takes is not known.")];
        }

        var isIPv6 = IPAddress.TryParse(hub.PublicEndpoint.Host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        var most = uplink.Mtu - (isIPv6 ? Wrapping6 : Wrapping);
        return hub.Mtu <= most
            ? [Ok($"The tunnel's MTU {hub.Mtu} goes through {uplink.Name}, which takes {uplink.Mtu} bytes.")]
            : [Warning(
                "MTU_TOO_LARGE",
                $"The tunnel's MTU is {hub.Mtu}, and {uplink.Name} takes {uplink.Mtu} bytes, of which {most} are left for it: large packets are cut up "
                    + "or lost.",
                $"Set the MTU to {uplink.Mtu - Wrapping6} in the hub's settings; spokes learn it by their timer.")];
    }
}
