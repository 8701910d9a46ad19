using WgHub.Features.Audit;
using WgHub.Storage;

namespace WgHub.Features.Doctor;

/// <summary>A clock that went back: the audit log knows a later time.</summary>
internal sealed class ClockOrderCheck(Database database, TimeProvider time) : Check
{
    /// <summary>Clocks are set in steps.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    public override string Name => "clock";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken)
    {
        var (now, newest) = (time.GetUtcNow(), database.Read(AuditLog.NewestAt));
        IReadOnlyList<DoctorFinding> found = newest - Slack <= now || newest is null
            ? []
            : [Failure(
                "CLOCK_BEHIND",
                $"The clock says {now:u}, and the newest entry of the audit log is of {newest:u}: it went back. Certificates, tokens and handshakes go "
                    + "by it.",
                "timedatectl set-ntp true; then restart the hub: systemctl restart wghub")];
        return Task.FromResult(found);
    }
}
