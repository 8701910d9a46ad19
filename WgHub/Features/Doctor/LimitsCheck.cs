using System.Globalization;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>How many files and connections the hub's process may have open, beside how many spokes may come at once.</summary>
internal sealed class LimitsCheck(MachineSigns machine) : Check
{
    public override string Name => "limits";

    public override async Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken)
    {
        if (facts.Hub is null || facts.ServedBy is not > 0 || MostOf(facts.ServedBy.Value) is not { } most)
        {
            return [];
        }

        var peers = await machine.ReadAsync(facts.Interface, cancellationToken) is { } signs ? signs.Peers : 0;
        return [OpenConnections.IsEnough(most, peers)
            ? Ok($"The hub may have {most:N0} files open at once, which is enough.")
            : Warning(
                "DESCRIPTORS_FEW",
                $"The hub may have {most:N0} files and connections open at once, and {peers:N0} spokes may come at the same time, as after an outage.",
                "systemctl edit wghub: LimitNOFILE=65536 in [Service]; then systemctl restart wghub")];
    }

    private static ulong? MostOf(int process)
    {
        const string Files = "Max open files"; // of proc_pid_limits(5)
        var file = $"/proc/{process}/limits";
        try
        {
            var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(Files, StringComparison.Ordinal)) : null;
            var soft = line?[Files.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return ulong.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // another user's, or gone
        }
    }
}
