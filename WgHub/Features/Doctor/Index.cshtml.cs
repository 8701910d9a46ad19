using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Web;

namespace WgHub.Features.Doctor;

[Authorize(Policy = Access.Operator)]
internal sealed class IndexModel(Doctor doctor) : PageModel
{
    public DoctorReport Report { get; private set; } = null!; // the handler examines first

    /// <summary>The worst first, else in their order.</summary>
    public IReadOnlyList<DoctorFinding> Findings =>
        [.. Report.Findings.Where(finding => finding.Level > DoctorLevel.Ok).OrderByDescending(finding => finding.Level)];

    public IReadOnlyList<DoctorFinding> Fine => [.. Report.Findings.Where(finding => finding.Level == DoctorLevel.Ok)];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Report = await doctor.ExamineAsync(cancellationToken);
        return this.PageOr("_Report");
    }
}
