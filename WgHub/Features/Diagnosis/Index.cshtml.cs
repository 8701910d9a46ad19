using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Features.Spokes;
using WgHub.Web;

namespace WgHub.Features.Diagnosis;

[Authorize(Policy = Access.Viewer)]
[ShowsPeers]
internal sealed class IndexModel(Diagnostician diagnostician) : PageModel
{
    public Spoke Spoke { get; private set; } = null!; // the handler finds it first

    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    /// <summary>True: also what was decided so and does no harm. Who opens this very page asks for it.</summary>
    [BindProperty(SupportsGet = true), FromQuery(Name = "all")]
    public bool IsAll { get; set; }

    public bool IsConnected => Findings.Any(finding => finding.Code == "CONNECTED");

    public IReadOnlyList<Finding> Shown =>
        IsAll || !Request.IsHtmx() || !IsConnected || Findings.Any(finding => finding.Level == FindingLevel.Problem)
            ? Findings
            : [.. Findings.Where(finding => !finding.IsDecided)];

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken)
    {
        (Spoke, Findings) = await diagnostician.ExamineAsync(id, cancellationToken);
        return this.PageOr("_Findings");
    }
}
