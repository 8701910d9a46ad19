using Microsoft.Extensions.Options;
using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>wg, ip and nft, and the right to use them.</summary>
internal sealed class ProgramsCheck(MachineSigns machine, IOptions<WireGuardOptions> options) : Check
{
    public override string Name => "programs";

    public override async Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken)
    {
        List<DoctorFinding> found = [.. Lacks.Of(options.Value).Select(lack => Of(lack, facts))];
        found.AddRange((await machine.BrokenProgramsAsync(cancellationToken))
            .Select(said => Failure("PROGRAM_BROKEN", $"A program that the hub runs does not: {said}", "Install its package anew.")));
        return Or(found, "wg, ip and nft are there and run, and this user may use them.");
    }

    /// <summary>Who looks may be allowed less than the hub is, which runs.</summary>
    private DoctorFinding Of(Lack lack, HubFacts facts) => lack.Code == "NO_NET_ADMIN" && facts.ServedBy is { } process && process != Environment.ProcessId
        ? Warning("NOT_ROOT", "This user may not ask wg and nft: much of what follows cannot be known.", "sudo wghub doctor")
        : Failure(lack.Code, lack.What, lack.Way);
}
