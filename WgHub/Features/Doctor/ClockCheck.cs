using WgHub.Hosting;
using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>Whether somebody keeps the clock right.</summary>
internal sealed class ClockCheck : Check
{
    public override string Name => "clock";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DoctorFinding>>(ClockSync.IsSet() switch
        {
            false => [Warning(
                "CLOCK_UNSYNCED", "Nothing keeps this machine's clock right (the kernel does not know it synchronized).",
                TunnelGround.IsContainer
                    ? "On the container's host: timedatectl set-ntp true"
                    : "timedatectl set-ntp true (Debian: apt install systemd-timesyncd)")],
            true => [Ok("The clock is kept right by others.")],
            null => [Ok("Whether the clock is kept right is not known here.")],
        });
}
