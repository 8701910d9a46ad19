using WgHub.Features.Spokes;
using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>The UDP port: the interface's own, or free. Whether it is reached from outside, only a spoke can prove.</summary>
internal sealed class PortCheck(MachineSigns machine, TimeProvider time) : Check
{
    private const int UsualPort = 51820;

    public override string Name => "port";

    public override async Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken)
    {
        var port = facts.Hub?.ListenPort ?? UsualPort;
        var signs = await machine.ReadAsync(facts.Interface, cancellationToken);
        if (signs is { Link.IsUp: true } && signs.Port == port)
        {
            return [Reached(port, signs)];
        }

        var isWanted = facts.Hub is not null;
        return UdpPort.Look(port) switch
        {
            UdpPortState.Taken => [isWanted
                ? Failure(
                    "PORT_TAKEN", $"Another program has UDP port {port}.",
                    $"ss -lunp 'sport = :{port}' tells which. Stop it, or change the hub's port in Settings.")
                : Warning("PORT_TAKEN", $"Another program has UDP port {port}.", $"ss -lunp 'sport = :{port}' tells which. The set-up offers another port.")],
            UdpPortState.NotAllowed => [Failure(
                "PORT_NOT_ALLOWED", $"This user may not take UDP port {port}: it is below net.ipv4.ip_unprivileged_port_start.",
                "Give the hub CAP_NET_BIND_SERVICE, as templates/wghub.service does, or a port from 1024 in Settings.")],
            _ => isWanted ? [] : [Ok($"UDP port {port} is free.")], // that the interface has not taken it is told with the interface
        };
    }

    private DoctorFinding Reached(int port, InterfaceSigns signs)
    {
        var age = signs.LatestHandshakeSeconds == 0 ? (TimeSpan?)null : time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(signs.LatestHandshakeSeconds);
        return (age, signs.Peers) switch
        {
            ({ } last, _) when last < Spoke.HandshakeLife =>
                Ok($"UDP port {port} is the interface's own, and a spoke came through it {last.TotalSeconds:0} seconds ago."),
            (_, 0) => Ok($"UDP port {port} is the interface's own. Whether it is reached from outside, the first spoke will prove."),
            _ => Warning(
                "PORT_SILENT",
                $"UDP port {port} is the interface's own, but none of {signs.Peers:N0} peers has come through it "
                    + $"{(age is null ? "since the interface was made" : "for three minutes")}.",
                $"Let UDP port {port} in, in this machine's firewall and at its provider, and have the router before it forward the port. "
                + "Only a spoke can prove it: run its line there with \"| sudo sh -s -- --check\" at the end."),
        };
    }
}
