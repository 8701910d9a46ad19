using System.CommandLine;
using System.Text.Json;
using WgHub.Features.Doctor;

namespace WgHub.Cli;

/// <summary>All that can stop a tunnel, before the set-up, beside a hub that runs, and where it is stopped. Changes nothing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "For programs: as GET /api/doctor answers." };
        var command =
            new Command("doctor", "Looks at all that can stop a tunnel, and says what mends it. Ends with 0: all is well, 1: warnings, 2: failures.") { json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var server = OfflineServer.OpenToLook(parsed, cancellationToken);
            var report = await server.GetRequiredService<Doctor>().ExamineAsync(cancellationToken);
            await Console.Out.WriteAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(report, DoctorJson.Written.DoctorReport) + "\n" : Text(report));
            return (int)report.Level;
        });
        return command;
    }

    /// <summary>A line for each finding, and what mends it below.</summary>
    private static string Text(DoctorReport report)
    {
        var width = report.Findings.Max(finding => finding.Check.Length);
        var margin = new string(' ', width + 8);
        return string.Concat(report.Findings.Select(finding =>
            $"{Word(finding.Level),-5} {finding.Check.PadRight(width)}  {finding.What}\n" + (finding.Way is { } way ? $"{margin}→ {way}\n" : "")));
    }

    private static string Word(DoctorLevel level) => level switch
    {
        DoctorLevel.Failure => "FAIL",
        DoctorLevel.Warning => "warn",
        _ => "ok",
    };
}
