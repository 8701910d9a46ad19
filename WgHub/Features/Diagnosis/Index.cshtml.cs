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

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken)
    {
        (Spoke, Findings) = await diagnostician.ExamineAsync(id, cancellationToken);
        return this.PageOr("_Findings");
    }
}
