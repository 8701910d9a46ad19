using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using WgHub.WireGuard;

namespace WgHub.Features.Doctor;

/// <summary>Looks at all that can stop a tunnel, at once, each within its time. Whatever a look throws is a finding.</summary>
/// <param name="facts">Read anew for each examination.</param>
internal sealed class Doctor(IEnumerable<Check> checks, Func<HubFacts> facts, TimeProvider time)
{
    /// <summary>Longer than one run of a program may take: a wg that hangs is told by that.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task<DoctorReport> ExamineAsync(CancellationToken cancellationToken)
    {
        var found = facts();
        var looks = await Task.WhenAll(checks.Select(check => LookAsync(check, found, cancellationToken)));
        IReadOnlyList<DoctorFinding> findings = [.. looks.SelectMany(look => look).Distinct()];
        return new(findings.Count == 0 ? DoctorLevel.Ok : findings.Max(finding => finding.Level), time.GetUtcNow(), findings);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A look that fails is told, and keeps no other from being done.")]
    private static async Task<IReadOnlyList<DoctorFinding>> LookAsync(Check check, HubFacts facts, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(Patience);
        try
        {
            // Away from the caller, and left alone when it hangs: a disk that does not answer holds its thread for ever.
            return await Task.Run(() => check.LookAsync(facts, end.Token), end.Token).WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [Told(
                check, "CHECK_TIMED_OUT", $"This could not be looked at within {Patience.TotalSeconds:0} seconds.",
                "Look whether disk and programs answer at all, and again.")];
        }
        catch (OptionsValidationException exception)
        {
            return [Told(
                check, "SETTING_WRONG", exception.Failures.First(),
                "Mend it in wghub.json or in the environment: the hub does not start with it.", DoctorLevel.Failure)];
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return [Told(check, "CHECK_FAILED", $"This could not be looked at: {exception.Message.ReplaceLineEndings(" ")}",
                Lacks.MayMakeInterfaces ? "What is said there has to be mended first." : "Try again as root: sudo wghub doctor")];
        }
    }

    private static DoctorFinding Told(Check check, string code, string what, string way, DoctorLevel level = DoctorLevel.Warning) =>
        new(check.Name, code, level, what, way);
}
