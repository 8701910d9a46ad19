using Microsoft.Extensions.Options;
using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>What an interface stands on: the kernel's WireGuard, or wireguard-go and /dev/net/tun.</summary>
internal sealed class GroundCheck(IOptions<WireGuardOptions> options) : Check
{
    private const string OnNode = "On the Proxmox VE node: pct set ID --dev0 /dev/net/tun,mode=0666 (ID: the container's number), then pct reboot ID. "
        + "Or, for WireGuard of the kernel, which needs no such device: modprobe wireguard";

    public override string Name => "wireguard";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken) => Task.FromResult(Look(facts));

    private IReadOnlyList<DoctorFinding> Look(HubFacts facts)
    {
        var (userspace, program) = (options.Value.Userspace, options.Value.UserspaceCommand);
        if (TunnelGround.KernelHasWireGuard && userspace != "always")
        {
            return [Ok("The kernel has WireGuard.")];
        }

        var why = TunnelGround.KernelHasWireGuard ? "By the setting WireGuard:Userspace the kernel's WireGuard is not used" : "The kernel has no WireGuard";
        if (userspace == "never")
        {
            return [Failure(
                "KERNEL_WITHOUT_WIREGUARD", $"{why}, and by the setting WireGuard:Userspace wireguard-go is not used.",
                TunnelGround.IsContainer ? "On the container's host: modprobe wireguard" : "modprobe wireguard, or set WireGuard:Userspace to auto.")];
        }

        List<DoctorFinding> found = [];
        if (Programs.Find(program) is null)
        {
            found.Add(Failure("NO_WIREGUARD", $"{why}, and {program} is not on this machine.", Programs.HowToInstall("wireguard-go").Trim()));
        }

        var isUp = MachineSigns.HasInterface(facts.Interface); // made before, and lives on
        if (!isUp && Tun(why) is { } tun)
        {
            found.Add(tun);
        }

        if (!TunnelGround.HasInotify())
        {
            const string What = "This user has no inotify instance left (fs.inotify.max_user_instances): wireguard-go does not start without.";
            const string Way = "sysctl -w fs.inotify.max_user_instances=1024";
            found.Add(isUp ? Warning("INOTIFY_EXHAUSTED", What, Way) : Failure("INOTIFY_EXHAUSTED", What, Way));
        }

        return Or(found, isUp ? $"{why}; wireguard-go has made {facts.Interface}." : $"{why}; wireguard-go and {TunnelGround.Tun} are there.");
    }

    private DoctorFinding? Tun(string why) => TunnelGround.LookAtTun() switch
    {
        TunState.Missing => Failure(
            "TUN_MISSING", $"{why}, and wireguard-go needs {TunnelGround.Tun}, which is not there.",
            TunnelGround.IsContainer ? OnNode : $"modprobe tun; mkdir -p /dev/net; [ -c {TunnelGround.Tun} ] || mknod -m 666 {TunnelGround.Tun} c 10 200"),
        TunState.Refused => Failure(
            "TUN_REFUSED", $"{why}, and wireguard-go needs {TunnelGround.Tun}, which this user may not open.",
            TunnelGround.IsContainer ? OnNode : $"chmod 666 {TunnelGround.Tun}, or run the hub as root."),
        _ => null,
    };
}
